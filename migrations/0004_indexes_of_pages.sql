-- A workspace's page, newest first; the bytes ride along for its quota, which reads nothing else.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_simulations_page
ON simcore_simulations (workspace_id, created_at DESC, id DESC) INCLUDE (stored_bytes);

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_experiments_page
ON qmlab_experiments (workspace_id, created_at DESC, id DESC) INCLUDE (stored_bytes);

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_runs_page
ON optilibria_runs (workspace_id, created_at DESC, id DESC) INCLUDE (stored_bytes);

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_workflows_page
ON workflows (workspace_id, created_at DESC, id DESC);

-- The same in one status: filtering the index above reads all of a workspace for a rare one.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_simulations_status_page
ON simcore_simulations (workspace_id, status, created_at DESC, id DESC);

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_experiments_status_page
ON qmlab_experiments (workspace_id, status, created_at DESC, id DESC);

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_runs_status_page
ON optilibria_runs (workspace_id, status, created_at DESC, id DESC);
