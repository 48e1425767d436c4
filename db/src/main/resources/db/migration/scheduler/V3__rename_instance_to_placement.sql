-- A revision on a node is a placement; an instance is one interpreter there.
ALTER TABLE instance RENAME TO placement;
ALTER TABLE placement RENAME CONSTRAINT instance_pk TO placement_pk;
ALTER TABLE placement RENAME CONSTRAINT instance_revision_fk TO placement_revision_fk;
ALTER TABLE placement RENAME CONSTRAINT instance_node_fk TO placement_node_fk;
ALTER INDEX instance_by_revision RENAME TO placement_by_revision;
ALTER INDEX instance_by_node RENAME TO placement_by_node;
