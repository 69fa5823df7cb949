-- Batches of one run are loaded many at a time: one transaction for each would cost more than its rows.

ALTER TABLE load_batches ADD COLUMN loaded_with UUID;
COMMENT ON COLUMN load_batches.loaded_with IS 'Of batches that were loaded in one transaction: the one whose row counts what all of them added; the others'' rows say 0. Null where a batch was loaded alone.';
COMMENT ON TABLE load_batches IS 'The ledger: what the batches added, written in the same transaction as its rows. The sums must equal the tables.';

-- Checks after a load look at what was loaded; now and then they look at everything.
ALTER TABLE quality_checks ADD COLUMN of_all BOOLEAN DEFAULT true;
COMMENT ON COLUMN quality_checks.of_all IS 'Whether the checks of this run looked at the whole warehouse; else at what was loaded since the ones before, and a check that had failed at everything.';
