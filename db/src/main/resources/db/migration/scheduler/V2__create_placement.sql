-- Which nodes live, which revision of a function is wanted, and where its instances are.
CREATE TABLE node (
  name      text CONSTRAINT node_pk PRIMARY KEY,
  run       uuid NOT NULL,
  url       text NOT NULL,
  seen_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE revision (
  id          uuid CONSTRAINT revision_pk PRIMARY KEY,
  tenant      text NOT NULL,
  function    text NOT NULL,
  number      integer NOT NULL,
  artifact    text NOT NULL,
  settings    text NOT NULL,
  state       text NOT NULL CONSTRAINT revision_state_known
              CHECK (state IN ('WARMING', 'ROUTED', 'FAILED', 'RETIRED')),
  created_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT revision_number_unique UNIQUE (tenant, function, number)
);

CREATE TABLE instance (
  id          uuid CONSTRAINT instance_pk PRIMARY KEY,
  revision_id uuid NOT NULL CONSTRAINT instance_revision_fk REFERENCES revision,
  node        text NOT NULL CONSTRAINT instance_node_fk REFERENCES node,
  node_run    uuid NOT NULL,
  ready       boolean NOT NULL DEFAULT false,
  created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX instance_by_revision ON instance (revision_id);
CREATE INDEX instance_by_node ON instance (node);
