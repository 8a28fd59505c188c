import Core
import Cryptography
import Ledger

/// A stranger's audit of a log: fetches every leaf and every tile, computes tree and vehicle index anew, and holds them
/// against the notes, and against the checkpoint that was seen the last time.
struct RemoteAudit: Sendable {
    /// What stands at a path below the log's address; `nil` where nothing does.
    typealias Fetch = @Sendable (_ path: String) async throws -> [UInt8]?

    /// The log cannot be what it says; the sentence says why.
    struct Finding: Error, Sendable {
        let sentence: String
        /// Shows anybody that the log has signed two histories, where it has.
        var fork: ForkProof?
    }

    struct Report: Sendable {
        let checkpoint: SignedNote
        let size: Int64
        let vehicles: Int
        /// How much of the log the vehicle index covers.
        let indexSize: Int64
    }

    let keys: BundleKeys
    let fetch: Fetch

    /// - Parameter last: the checkpoint of the last audit.
    /// - Throws: `Finding`.
    func run(after last: SignedNote?, progress: (Int64, Int64) -> Void) async throws -> Report {
        // The index first: it must not be ahead of the checkpoint.
        let indexNote = try await note("log/vehicles")
        let checkpointNote = try await note("log/checkpoint")
        let checkpoint = try verified(checkpointNote)
        let index = try verifiedIndex(indexNote, of: checkpoint)
        let former = try last.map(verified)
        var state = Rebuilt(former: former, indexSize: index.size)
        try await rebuild(&state, to: checkpoint, progress)
        guard state.tree.root == checkpoint.root else {
            throw Finding(sentence: "The tree of \(checkpoint.size) leaves has another root than the checkpoint says.")
        }
        guard state.indexRoot == index.root else {
            throw Finding(
                sentence: "The vehicle index (\(index.size)) does not follow from the leaves: an entry is hidden."
            )
        }
        if let former, let last, state.formerRoot != former.root {
            throw Finding(
                sentence: "The log was rewritten: its first \(former.size) leaves are not those that it signed before.",
                fork: try fork(former, last, checkpoint, checkpointNote, state)
            )
        }
        return Report(
            checkpoint: checkpointNote,
            size: checkpoint.size,
            vehicles: state.vehicles,
            indexSize: index.size
        )
    }

    /// What the leaves come to, as they are read.
    private struct Rebuilt: TileReader {
        let former: Checkpoint?
        let indexSize: Int64
        var tree = TreeBuilder()
        var heads: [Digest: VehicleHead] = [:]
        var vehicles = 0
        var formerRoot: Digest?
        var indexRoot: Digest?
        /// The newest state of every tile.
        var tiles: [TilePlace: [UInt8]] = [:]

        func bytes(of tile: Tile) -> [UInt8]? { tiles[tile.place] }

        mutating func reached() {
            if tree.size == former?.size { formerRoot = tree.root }
            if tree.size == indexSize { indexRoot = VehicleMap.root(of: heads.values) }
        }

        /// The sizes at which something is to be looked at, after this one.
        func nextStop(before end: Int64) -> Int64 {
            [former?.size, indexSize].compactMap { $0 }.filter { $0 > tree.size && $0 < end }.min() ?? end
        }
    }

    private func rebuild(
        _ state: inout Rebuilt,
        to checkpoint: Checkpoint,
        _ progress: (Int64, Int64) -> Void
    ) async throws {
        if let former = state.former, former.size > checkpoint.size {
            throw Finding(sentence: "The log has \(checkpoint.size) leaves and had \(former.size): it was cut off.")
        }
        state.reached()
        while state.tree.size < checkpoint.size {
            let leaves = try await leaves(state.tree.size / Int64(Tile.fullWidth), of: checkpoint.size)
            try take(leaves, into: &state)
            progress(state.tree.size, checkpoint.size)
        }
        for (place, bytes) in state.tiles {
            guard let tile = Tile.at(level: place.level, index: place.index, size: checkpoint.size),
                let expected = StoredTile.slice(bytes, width: tile.width)
            else { continue }
            let path = TilePath.hashes(tile).text
            guard try await fetched("log/" + path) == expected else {
                throw Finding(sentence: "The tile \(path) does not follow from the leaves.")
            }
        }
        state.vehicles = state.heads.count
    }

    private func leaves(_ number: Int64, of size: Int64) async throws -> [LogLeaf] {
        guard let tile = Tile.at(level: 0, index: number, size: size) else { return [] }
        let path = TilePath.entries(tile).text
        let entries = EntryBundle.decode(try await fetched("log/" + path), count: tile.width)
        let leaves = entries?.compactMap { LogLeaf(bytes: $0) } ?? []
        guard leaves.count == tile.width else { throw Finding(sentence: "The bundle \(path) holds something else.") }
        return leaves
    }

    private func take(_ leaves: [LogLeaf], into state: inout Rebuilt) throws {
        var rest = leaves[...]
        while !rest.isEmpty {
            let stop = state.nextStop(before: state.tree.size + Int64(rest.count))
            let taken = rest.prefix(Int(stop - state.tree.size))
            for leaf in taken where state.indexRoot == nil {
                state.heads[leaf.vehicle, default: VehicleHead(before: leaf)].take(leaf)
            }
            for data in state.tree.append(taken.map(\.hash)) { state.tiles[data.tile.place] = data.bytes }
            rest = rest.dropFirst(taken.count)
            state.reached()
        }
    }

    // MARK: Notes

    private func note(_ path: String) async throws -> SignedNote {
        guard let note = try? SignedNote(parsing: try await fetched(path)) else {
            throw Finding(sentence: "\(path) is no signed note.")
        }
        return note
    }

    private func fetched(_ path: String) async throws -> [UInt8] {
        guard let bytes = try await fetch(path) else { throw Finding(sentence: "\(path) is not there.") }
        return bytes
    }

    private func verified(_ note: SignedNote) throws -> Checkpoint {
        guard let checkpoint = try? keys.policy.checkpoint(in: note) else {
            throw Finding(sentence: "A checkpoint is not signed as the file of keys wants.")
        }
        return checkpoint
    }

    private func verifiedIndex(_ note: SignedNote, of checkpoint: Checkpoint) throws -> Checkpoint {
        let origin = checkpoint.origin + Checkpoint.vehiclesSuffix
        let keys = keys.policy.logs.compactMap {
            VerifierKey(name: origin, algorithm: .ed25519, publicKey: $0.key.publicKey)
        }
        guard (try? note.verified(by: keys)) != nil, let index = Checkpoint(parsing: note.text), index.origin == origin
        else { throw Finding(sentence: "The note of the vehicle index is not signed by the log.") }
        guard index.size <= checkpoint.size else { throw Finding(sentence: "The vehicle index is ahead of the log.") }
        return index
    }

    private func fork(
        _ former: Checkpoint,
        _ formerNote: SignedNote,
        _ newer: Checkpoint,
        _ newerNote: SignedNote,
        _ state: Rebuilt
    ) throws -> ForkProof {
        var tree = TreeReader(size: newer.size, tiles: state)
        return ForkProof(
            older: formerNote,
            newer: newerNote,
            root: state.formerRoot ?? MerkleHash.emptyRoot,
            proof: try tree.consistencyProof(from: former.size)
        )
    }
}

/// Two checkpoints of one log of which the newer does not extend the older: the log's own signatures speak against it.
struct ForkProof: Sendable, Hashable {
    static let format = "chexin-fork/1"

    let older: SignedNote
    let newer: SignedNote
    /// What the newer tree has for its first leaves, in place of the older root.
    let root: Digest
    /// That it has.
    let proof: [Digest]

    /// - Parameter keys: of the log.
    func isValid(by keys: [VerifierKey]) -> Bool {
        guard (try? older.verified(by: keys)) != nil, (try? newer.verified(by: keys)) != nil,
            let first = Checkpoint(parsing: older.text), let second = Checkpoint(parsing: newer.text),
            first.origin == second.origin, first.root != root
        else { return false }
        return MerkleProof.isConsistent(
            oldSize: first.size,
            newSize: second.size,
            oldRoot: root,
            newRoot: second.root,
            proof: proof
        )
    }

    var json: JSON {
        [
            "format": .string(ForkProof.format), "older": JSON(String(decoding: older.bytes, as: UTF8.self)),
            "newer": JSON(String(decoding: newer.bytes, as: UTF8.self)), "root": JSON(Base64.encode(root.bytes)),
            "proof": .array(proof.map { JSON(Base64.encode($0.bytes)) }),
        ]
    }
}
