-- PostgreSQL: lets every table that grows with visits be split by county feed (docs/scale.md). Run it once, while no server
-- runs: the rows that are there become the default partition, without being copied. A feed of its own then gets, for each:
--   CREATE TABLE operations_<county> PARTITION OF operations FOR VALUES IN ('<feed id>');
-- before its first row. What was in the default partition already has to be moved by hand.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'operations', 'effects', 'changes', 'audit', 'submissions', 'entity_versions',
        'attachments', 'blobs', 'derivatives', 'fingerprints', 'flags'
    ] LOOP
        EXECUTE format('ALTER TABLE %I RENAME TO %I', name, name || '_rest');
        EXECUTE format(
            'CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES) PARTITION BY LIST (feed_id)',
            name, name || '_rest'
        );
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I DEFAULT', name, name || '_rest');
    END LOOP;
END
$$;
