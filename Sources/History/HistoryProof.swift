package import Core
import Cryptography
import Identity
package import Ledger
package import Storage
package import TransparencyLog

extension Histories {
    /// Everything that is needed to verify a car's history, alone and offline, as the log is at this moment. A car
    /// without one gets the proof that it has none.
    ///
    /// - Parameter vehicle: what the car goes by in the log.
    /// - Parameter moment: up to where somebody was shown the history; see `BundleMoment`.
    /// - Throws: `Failure.entryUnknown` where that is a head that is none of the car's, or not in the log yet.
    package func proof(
        _ tx: any Transaction,
        vin: VIN,
        vehicle: LogVehicle,
        asOf moment: HistoryMoment? = nil
    ) throws -> ProofBundle {
        let view = try LogView(tx, policy: transparency?.policy)
        let rows = try placed(tx, try HistoryStore.entries(tx, vin: vin.text, from: 0, limit: .max))
        // What waits for its place comes with the next bundle: the checkpoint does not know it.
        let covered = Array(rows.prefix { row in row.leafIndex.map { $0 < view.size } ?? false })
        var tree = view.tree
        return try ProofBundle.make(
            vin: vin.text,
            entries: covered.map(\.stored),
            leafIndexes: covered.compactMap(\.leafIndex),
            vehicle: (key: vehicle.key, proof: vehicle.proof),
            tree: &tree,
            index: view.index,
            checkpoint: view.checkpoint,
            vehicleIndex: view.vehicleIndex,
            sourceKeys: try Histories.sourceKeys(tx, of: covered),
            asOf: try moment.map { moment in
                let count = try HistorySnapshot.count(covered, at: moment)
                return BundleMoment(entryCount: Int64(count), head: covered.prefix(count).last?.hash)
            }
        )
    }

    /// The keys that the bundle's signatures are verified with. What was signed and erased is verified by nobody.
    private static func sourceKeys(_ tx: any Transaction, of rows: [StoredRow]) throws -> [SourceKey] {
        let keys = try ClaimVerifier.keys(tx, of: rows.filter { $0.payload != nil })
        return keys.sorted { $0.key < $1.key }.map { id, key in
            SourceKey(source: key.organization.text, key: id, publicKey: key.publicKey)
        }
    }
}
