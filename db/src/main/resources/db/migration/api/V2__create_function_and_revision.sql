-- What users see: tenants, their functions, and the immutable revisions of these with their state.
CREATE TABLE tenant (
  name       text CONSTRAINT tenant_pk PRIMARY KEY,
  key_sha256 text NOT NULL CONSTRAINT tenant_key_unique UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE function (
  tenant          text NOT NULL CONSTRAINT function_tenant_fk REFERENCES tenant,
  name            text NOT NULL,
  latest_revision integer NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT function_pk PRIMARY KEY (tenant, name)
);

CREATE TABLE revision (
  id             uuid CONSTRAINT revision_pk PRIMARY KEY,
  tenant         text NOT NULL,
  function       text NOT NULL,
  number         integer NOT NULL,
  state          text NOT NULL CONSTRAINT revision_state_known
                 CHECK (state IN ('QUEUED', 'BUILDING', 'WARMING', 'LIVE', 'FAILED', 'SUPERSEDED')),
  source         text NOT NULL,
  source_bytes   bigint NOT NULL,
  artifact       text,
  artifact_bytes bigint,
  unpacked_bytes bigint,
  entry          text,
  convention     text,
  error_code     text,
  error_reason   text,
  timings        text NOT NULL DEFAULT '{}',
  created_at     timestamptz NOT NULL DEFAULT now(),
  changed_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT revision_number_unique UNIQUE (tenant, function, number),
  CONSTRAINT revision_function_fk FOREIGN KEY (tenant, function) REFERENCES function
);
