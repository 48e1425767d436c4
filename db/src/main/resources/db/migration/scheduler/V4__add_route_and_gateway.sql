-- Routes have generations that gateways acknowledge; placements and revisions have the states of the planner.
CREATE TABLE route (
  tenant      text NOT NULL,
  function    text NOT NULL,
  generation  bigint NOT NULL CONSTRAINT route_generation_positive CHECK (generation > 0),
  revision_id uuid NOT NULL CONSTRAINT route_revision_fk REFERENCES revision,
  targets     text NOT NULL,
  timings     text NOT NULL,
  CONSTRAINT route_pk PRIMARY KEY (tenant, function)
);

CREATE TABLE gateway (
  name    text CONSTRAINT gateway_pk PRIMARY KEY,
  run     uuid NOT NULL,
  sent_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL
);

CREATE TABLE acknowledgement (
  gateway    text NOT NULL CONSTRAINT acknowledgement_gateway_fk REFERENCES gateway ON DELETE CASCADE,
  tenant     text NOT NULL,
  function   text NOT NULL,
  generation bigint NOT NULL,
  CONSTRAINT acknowledgement_pk PRIMARY KEY (gateway, tenant, function)
);

ALTER TABLE node ADD COLUMN sent_at timestamptz NOT NULL DEFAULT 'epoch';

ALTER TABLE revision ADD COLUMN not_before timestamptz;
ALTER TABLE revision DROP CONSTRAINT revision_state_known;
ALTER TABLE revision ADD CONSTRAINT revision_state_known
  CHECK (state IN ('WARMING', 'ROUTED', 'LIVE', 'FAILED', 'RETIRED'));
CREATE INDEX revision_open ON revision (tenant, function) WHERE state IN ('WARMING', 'ROUTED', 'LIVE');

ALTER TABLE placement ADD COLUMN state text NOT NULL DEFAULT 'STARTING'
  CONSTRAINT placement_state_known CHECK (state IN ('STARTING', 'READY', 'WITHDRAWN'));
ALTER TABLE placement ADD COLUMN generation bigint NOT NULL DEFAULT 0;
UPDATE placement SET state = 'READY' WHERE ready;
ALTER TABLE placement DROP COLUMN ready;
