package import Core
package import Cryptography

/// An entry that was just made: its members, the very bytes that are stored and served, and its hash.
package struct Entry: Sendable, Hashable {
    package let envelope: Envelope
    package let envelopeBytes: [UInt8]
    package let payload: Payload
    package let payloadBytes: [UInt8]
    /// SHA-256 of the envelope's bytes.
    package let hash: Digest

    /// The chain's head once this entry is in it.
    package var head: ChainHead {
        ChainHead(count: envelope.seq + 1, hash: hash, recordedAt: envelope.recordedAt)
    }

    package var stored: StoredEntry {
        StoredEntry(envelope: envelopeBytes, payload: payloadBytes, hash: hash)
    }
}

/// An entry as a store or a file has it: bytes about which nothing is known yet.
package struct StoredEntry: Sendable, Hashable {
    package var envelope: [UInt8]
    /// `nil` where the payload was erased.
    package var payload: [UInt8]?
    /// The hash under which the entry was kept, where one was.
    package var hash: Digest?

    package init(envelope: [UInt8], payload: [UInt8]?, hash: Digest? = nil) {
        self.envelope = envelope
        self.payload = payload
        self.hash = hash
    }
}

/// All that is needed of a chain to append to it. A car without entries has none.
package struct ChainHead: Sendable, Hashable {
    /// How many entries there are, which is the `seq` of the next one.
    package let count: Int64
    /// Hash of the newest entry.
    package let hash: Digest
    package let recordedAt: Instant

    package init(count: Int64, hash: Digest, recordedAt: Instant) {
        self.count = count
        self.hash = hash
        self.recordedAt = recordedAt
    }
}
