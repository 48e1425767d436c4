-- A tenant's logins for package indexes, each for one host. Written by the tenant, read by its builds, shown to nobody.
CREATE TABLE index_login (
  tenant     text NOT NULL,
  host       text NOT NULL,
  username   text NOT NULL,
  password   text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT index_login_pk PRIMARY KEY (tenant, host)
);
