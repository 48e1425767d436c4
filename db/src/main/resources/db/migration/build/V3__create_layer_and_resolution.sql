-- Layers by what they were made from: a requirement with its hashes, the rules, the interpreter, and the tenant unless its index is public.
CREATE TABLE layer (
  key        text CONSTRAINT layer_pk PRIMARY KEY,
  layers     text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- What a tenant's projects were resolved to, by the files that say what they depend on.
CREATE TABLE resolution (
  tenant     text NOT NULL,
  key        text NOT NULL,
  resolution text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT resolution_pk PRIMARY KEY (tenant, key)
);

-- Builds of one content do the work once: the others wait for it and take its outcome.
ALTER TABLE build ADD COLUMN content text NOT NULL DEFAULT '';
ALTER TABLE build ADD COLUMN outcome text;
ALTER TABLE build ADD COLUMN ended_at timestamptz;

CREATE INDEX build_content ON build (tenant, content) WHERE state IN ('RUNNING', 'SUCCEEDED');
