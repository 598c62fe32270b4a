-- The weekly clean-up takes the oldest completed ones first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_simulations_completed_at
ON simcore_simulations (completed_at, id)
WHERE status = 'completed';

-- A user's workspaces; the primary key begins with the workspace.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_memberships_user
ON memberships (user_id);

-- A workflow's own, and what its deletion has to release: few rows belong to one.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_simulations_workflow
ON simcore_simulations (workflow_id)
WHERE workflow_id IS NOT NULL;

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_experiments_workflow
ON qmlab_experiments (workflow_id)
WHERE workflow_id IS NOT NULL;

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_runs_workflow
ON optilibria_runs (workflow_id)
WHERE workflow_id IS NOT NULL;
