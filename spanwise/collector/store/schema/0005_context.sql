-- What an agent asks for is a few rows with all of their columns, which lie together in compact parts: Get takes two thirds
-- of the CPU, and the table a quarter more disk.
ALTER TABLE context_updates MODIFY SETTING min_bytes_for_wide_part = 1000000000000, min_rows_for_wide_part = 1000000000000;

-- Which policy was in force since when: what an agent was told then depends on its budgets.
CREATE TABLE IF NOT EXISTS policies
(
    Id     String CODEC(ZSTD(1)),
    Policy String CODEC(ZSTD(1)),
    At     DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = MergeTree
ORDER BY At
SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1;
