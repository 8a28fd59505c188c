import Core
import Ledger
import Storage

/// Takes into the vehicle index what has come into the log since.
///
/// The new pages are computed while others write, out of a state that only the index's keeper changes; what stands
/// in the way of appends is no more than writing them.
struct IndexKeeper: Sendable {
    /// Entries that are taken up by one step: enough to share the upper pages, few enough that nobody waits long.
    static let stepCount = 1000

    let keys: LogKeys
    let database: any Database
    let policy: LogPolicy?

    private struct Step: Sendable {
        let from: IndexHead
        let size: Int64
        let update: IndexUpdate
    }

    /// - Parameter lease: what everything that is written goes through, where several could.
    /// - Returns: whether there was anything to do.
    func step(under lease: Lease? = nil) async throws -> Bool {
        guard let step = try await database.read({ try next($0) }) else { return false }
        let note = try keys.signedIndex(size: step.size, root: step.update.root)
        let head = IndexHead(
            size: step.size,
            root: step.update.root,
            note: String(decoding: note.bytes, as: UTF8.self)
        )
        try await database.write { tx in
            try lease?.guardWrite(tx)
            // Before the pages, so that nothing is written by whoever was too late.
            try IndexStore.advance(tx, from: step.from, to: head)
            try IndexStore.write(tx, step.update.pages)
        }
        return true
    }

    private func next(_ tx: any Transaction) throws -> Step? {
        let (head, index) = (try LogStore.head(tx), try IndexStore.head(tx))
        let limit = try Cosignatures.indexLimit(tx, policy, head: head)
        let count = Int(min(max(0, limit - index.size), Int64(IndexKeeper.stepCount)))
        // The first note is signed over nothing: that a car has no history can be shown from the beginning.
        guard count > 0 || index.note == nil && head.note != nil else { return nil }
        let leaves = try LogStore.leaves(tx, from: index.size, limit: count)
        guard leaves.count == count else { throw StoredDataError("the log has fewer leaves than it has signed") }
        let update = try VehicleIndex(pages: StoredPages(tx: tx)).updating(leaves.map(\.vehicleHead))
        return Step(from: index, size: index.size + Int64(count), update: update)
    }
}
