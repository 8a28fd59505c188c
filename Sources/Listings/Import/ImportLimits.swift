import Web

/// Limits of imports, each with its unit.
package enum ImportLimits {
    /// As they arrive.
    package static let fileBytes = Limits.importBytes
    /// How long a file may take to arrive.
    static let uploadSeconds = Limits.importDeadlineSeconds
    package static let rows = 100_000
    /// One line of NDJSON: the longest text that a listing may have, in four bytes a character, and all around it.
    static let lineBytes = 64 << 10
    /// A chunk is what one transaction goes through, so that nobody else's write waits for more.
    static let chunkRows = 200
    static let chunkBytes = 256 << 10
    /// Chunks that one transaction stores while a file arrives, in bytes.
    static let pendingBytes = 1 << 20
    /// Records in which the header is looked for: some exports have a title above it.
    static let headerRecords = 5
    /// Imports of one dealer that are not finished.
    package static let unfinished = 20
    /// How long the file of a finished import is kept, for its bad rows to be fetched.
    package static let fileSeconds: Int64 = 30 * 86_400
    /// When what never arrived to its end is thrown away: after any upload has run out of time.
    static let abandonedSeconds: Int64 = 2 * Int64(uploadSeconds)
    /// Saved mappings of one organisation.
    package static let mappings = 100
    static let mappingColumns = 1...200
    static let mappingNameCharacters = 1...60
    static let headingCharacters = 1...200
    /// How often a batch that ends in a defect is tried before its import is given up.
    static let attempts = 3
}
