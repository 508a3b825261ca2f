-- Positions are tokens here: whoever appends after one that is taken must be told so, however many appended meanwhile.
ALTER TABLE context_updates MODIFY SETTING non_replicated_deduplication_window = 10000;
