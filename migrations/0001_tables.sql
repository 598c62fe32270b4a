-- Workspaces, what is run in them, and the trail it leaves.
-- Ids are UUIDs of the database's making; users are the identity provider's subjects.

CREATE TABLE workspaces (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE memberships (
    workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    user_id text NOT NULL,
    role text NOT NULL CHECK (role IN ('owner', 'member')),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, user_id)
);

CREATE TABLE workflows (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    workspace_id uuid NOT NULL REFERENCES workspaces (id),
    user_id text NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    status text NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
    steps jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(steps) = 'array'),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz,
    CHECK (status <> 'completed' OR completed_at IS NOT NULL)
);

-- What is completed has a time: without one the clean-up would never find it.
CREATE TABLE simcore_simulations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    workspace_id uuid NOT NULL REFERENCES workspaces (id),
    user_id text NOT NULL,
    workflow_id uuid REFERENCES workflows (id) ON DELETE SET NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    status text NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
    parameters jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(parameters) = 'object'),
    result jsonb,
    stored_bytes bigint NOT NULL DEFAULT 0 CHECK (stored_bytes >= 0),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz,
    CHECK (status <> 'completed' OR completed_at IS NOT NULL)
);

-- LIKE copies all but foreign keys.
CREATE TABLE qmlab_experiments (
    LIKE simcore_simulations INCLUDING ALL,
    FOREIGN KEY (workspace_id) REFERENCES workspaces (id),
    FOREIGN KEY (workflow_id) REFERENCES workflows (id) ON DELETE SET NULL
);

CREATE TABLE optilibria_runs (
    LIKE simcore_simulations INCLUDING ALL,
    FOREIGN KEY (workspace_id) REFERENCES workspaces (id),
    FOREIGN KEY (workflow_id) REFERENCES workflows (id) ON DELETE SET NULL
);

-- A copy of its own, not LIKE: it outlives what it was copied from, and takes no part in its keys.
CREATE TABLE simulations_archive (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL,
    user_id text NOT NULL,
    workflow_id uuid,
    name text NOT NULL,
    status text NOT NULL,
    parameters jsonb NOT NULL,
    result jsonb,
    stored_bytes bigint NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    completed_at timestamptz,
    archived_at timestamptz NOT NULL DEFAULT now()
);

-- Each row's hash covers the row and the hash before it, so a changed row breaks the chain;
-- two rows after the same one would fork it.
CREATE TABLE audit_logs (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    occurred_at timestamptz NOT NULL,
    action text NOT NULL,
    user_id text,
    resource text NOT NULL,
    details jsonb NOT NULL DEFAULT '{}',
    ip inet,
    environment text NOT NULL,
    previous_hash bytea NOT NULL UNIQUE,
    hash bytea NOT NULL UNIQUE
);

-- Written with the change it tells of; deleted once it is in the events table.
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    event jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
