-- What concerns one person, without reading what concerns everybody.
CREATE INDEX journal_by_from ON journal (from_customer);
CREATE INDEX journal_by_into ON journal (into_customer);
CREATE INDEX merge_suggestion_by_other ON merge_suggestion (other);
