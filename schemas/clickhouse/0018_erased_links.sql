-- The other pseudonym, as a hash, of a person who is known by hash, too; '' in other rows. A link is erased with the person, and a
-- later request for one pseudonym must still reach the other.
ALTER TABLE vointi_internal.tombstones
    ADD COLUMN IF NOT EXISTS linked String;
