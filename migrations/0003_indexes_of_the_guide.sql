-- docs/database.md names the query each index is for; a test holds the planner to it.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_simulations_user_status
ON simcore_simulations (user_id, status);

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_simulations_created_at
ON simcore_simulations (created_at DESC);

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_experiments_user_status
ON qmlab_experiments (user_id, status);

-- Queries must name the two states as literals: a plan for any array cannot use it.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_active_simulations
ON simcore_simulations (user_id)
WHERE status IN ('running', 'pending');
