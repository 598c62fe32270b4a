-- Who may do what.
--   platform_owner     owns every table and signs in nowhere
--   platform_migrator  signs in with IAM, acts as the owner and makes later roles
--   platform_app       the functions: rows, never definitions
-- Runs as RDS's master user, which may create roles and is no superuser: from Postgres 16 on such a
-- user must give itself a role it made before it can hand anything over to it.

DO $$
BEGIN
    IF to_regrole('platform_owner') IS NULL THEN
        CREATE ROLE platform_owner NOLOGIN;
    END IF;
END
$$;

GRANT platform_owner TO CURRENT_USER WITH INHERIT TRUE, SET TRUE;

-- From Postgres 16 on whoever makes a role is its member, and RDS refuses passwords to all members
-- of rds_iam, indirect ones too: making these two, the master would lock itself out. So a role that
-- goes again makes them.
DO $$
BEGIN
    IF to_regrole('platform_migrator') IS NULL THEN
        CREATE ROLE platform_maker NOLOGIN CREATEROLE;
        GRANT platform_maker TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
        SET LOCAL ROLE platform_maker;
        CREATE ROLE platform_migrator LOGIN CREATEROLE;
        GRANT platform_migrator TO platform_maker WITH INHERIT FALSE, SET TRUE;
        SET LOCAL ROLE platform_migrator;
        IF to_regrole('platform_app') IS NULL THEN
            CREATE ROLE platform_app LOGIN;
        END IF;
        RESET ROLE;
        DROP ROLE platform_maker;
    END IF;
END
$$;

GRANT platform_owner TO platform_migrator WITH INHERIT TRUE, SET TRUE;

-- Other servers do not have it.
DO $$
BEGIN
    IF to_regrole('rds_iam') IS NOT NULL THEN
        GRANT rds_iam TO platform_app, platform_migrator;
    END IF;
END
$$;

-- The slow-query report; RDS's master may do both, an ordinary server's CREATEROLE user neither.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'without pg_stat_statements: %', SQLERRM;
END
$$;

DO $$
BEGIN
    GRANT pg_monitor TO platform_app;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'without pg_monitor: %', SQLERRM;
END
$$;

-- Temporary tables are definitions too.
DO $$
BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END
$$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO platform_owner;
GRANT USAGE ON SCHEMA public TO platform_app;

ALTER TABLE schema_migrations OWNER TO platform_owner;
ALTER TABLE workspaces OWNER TO platform_owner;
ALTER TABLE memberships OWNER TO platform_owner;
ALTER TABLE workflows OWNER TO platform_owner;
ALTER TABLE simcore_simulations OWNER TO platform_owner;
ALTER TABLE qmlab_experiments OWNER TO platform_owner;
ALTER TABLE optilibria_runs OWNER TO platform_owner;
ALTER TABLE simulations_archive OWNER TO platform_owner;
ALTER TABLE audit_logs OWNER TO platform_owner;
ALTER TABLE outbox OWNER TO platform_owner;

-- UPDATE on workspaces and outbox is also what SELECT ... FOR UPDATE asks for: quotas are counted
-- under the workspace's row lock, and two relays share the outbox by theirs.
GRANT SELECT, INSERT, UPDATE, DELETE ON
    workspaces, memberships, workflows,
    simcore_simulations, qmlab_experiments, optilibria_runs, outbox
TO platform_app;
GRANT SELECT, INSERT ON simulations_archive TO platform_app;
-- Append-only: the functions that write the trail cannot rewrite it.
GRANT SELECT, INSERT ON audit_logs TO platform_app;
