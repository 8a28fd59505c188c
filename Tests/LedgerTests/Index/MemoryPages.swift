import Cryptography

@testable import Ledger

/// Pages in memory, as a table would hold them.
struct MemoryPages: IndexPageReader {
    var rows: [[UInt8]: [UInt8]] = [:]

    func page(at path: IndexPagePath) -> [UInt8]? { rows[path.bytes] }
}

/// An index under test, and what is in it.
struct TestIndex {
    var pages = MemoryPages()
    var heads: [Digest: VehicleHead] = [:]
    var root = Digest.zero
    var layout = IndexLayout.standard

    var index: VehicleIndex<MemoryPages> { VehicleIndex(pages: pages, layout: layout) }

    @discardableResult
    mutating func update(_ new: [VehicleHead]) throws -> IndexUpdate {
        let update = try index.updating(new)
        for page in update.pages { pages.rows[page.path.bytes] = page.bytes }
        for head in new { heads[head.vehicle] = head }
        root = update.root
        return update
    }

    static func key(_ number: Int) -> Digest { SHA256.hash(Array("vehicle \(number)".utf8)) }

    static func head(_ number: Int, _ count: Int64 = 1) -> VehicleHead {
        VehicleHead(vehicle: key(number), count: count, head: SHA256.hash(Array("entry \(number) \(count)".utf8)))
    }

    /// A key that begins with these bits.
    static func key(bits: String, _ last: UInt8 = 0) -> Digest {
        var bytes = [UInt8](repeating: 0, count: 32)
        for (index, bit) in bits.enumerated() where bit == "1" { bytes[index / 8] |= 0x80 >> UInt8(index % 8) }
        bytes[31] |= last
        return Digest(bytes: bytes)!
    }
}
