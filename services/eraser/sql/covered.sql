-- The first generation of the aggregator that has taken in a batch of a writer; 0: none has.
SELECT min(gen)
FROM vointi_internal.journal
WHERE target = '' AND JSONExtractUInt(body, 'Watermark', {writer:String}) >= {wseq:UInt64}
