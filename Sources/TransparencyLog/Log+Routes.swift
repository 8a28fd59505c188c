import Core
import Cryptography
import HTTPTypes
import Identity
import Ledger
import Storage
package import Web

/// What the world reads of the log: notes, tiles, and proofs for those who do not read tiles.
package struct LogService: Sendable {
    let log: TransparencyLog

    package init(log: TransparencyLog) {
        self.log = log
    }

    package var endpoints: [Endpoint] {
        noteEndpoints + proofEndpoints + [
            // C2SP tlog-tiles: `/log/tile/0/x001/234`, `/log/tile/entries/000.p/7`.
            Endpoint(
                .get,
                "/log/tile/{level}/{tile}",
                takesRest: true,
                produces: ["application/octet-stream"],
                authorize: Policy.authorize(.logRead),
                handler: tile
            )
        ]
    }

    private var noteEndpoints: [Endpoint] {
        [
            Endpoint(
                .get,
                "/log/checkpoint",
                produces: ["text/plain"],
                authorize: Policy.authorize(.logRead)
            ) { [log] _ in
                try Reply.note(try await log.database.read { try log.published($0) })
            },
            Endpoint(
                .get,
                "/log/vehicles",
                produces: ["text/plain"],
                authorize: Policy.authorize(.logRead)
            ) { [log] _ in
                try Reply.note(try await log.database.read { try IndexStore.head($0).note })
            },
        ]
    }

    private var proofEndpoints: [Endpoint] {
        [
            Endpoint(
                .get,
                "/v1/log/inclusion",
                query: ["hash", "size"],
                authorize: Policy.authorize(.logRead),
                handler: inclusion
            ),
            Endpoint(
                .get,
                "/v1/log/consistency",
                query: ["from", "to"],
                authorize: Policy.authorize(.logRead),
                handler: consistency
            ),
            Endpoint(
                .get,
                "/v1/entries/{hash}/tlog-proof",
                produces: ["text/plain"],
                authorize: Policy.authorize(.logRead),
                handler: proofFile
            ),
        ]
    }

    // MARK: Tiles

    private func tile(_ call: Call) async throws -> Reply {
        let text = "tile/\(try call.parameter("level"))/\(try call.parameter("tile"))"
        guard let path = TilePath(parsing: text) else { throw Failure(.tileUnknown) }
        let found: [UInt8]? = try await log.database.read { tx in
            switch path {
            case .hashes(let tile):
                try LogStore.tile(tx, tile.place).flatMap { StoredTile.slice($0, width: tile.width) }
            case .entries(let tile): try LogService.entries(tx, tile)
            }
        }
        guard let found else { throw Failure(.tileUnknown) }
        return Reply(.ok, headers: [.contentType: "application/octet-stream"], body: .bytes(found)).immutable()
    }

    /// `nil` where the log has not signed so many.
    private static func entries(_ tx: any Transaction, _ tile: Tile) throws -> [UInt8]? {
        let (first, overflows) = tile.index.multipliedReportingOverflow(by: Int64(Tile.fullWidth))
        guard !overflows, try LogStore.head(tx).size - Int64(tile.width) >= first else { return nil }
        let leaves = try LogStore.leaves(tx, from: first, limit: tile.width)
        guard leaves.count == tile.width else { throw StoredDataError("the log has fewer leaves than it has signed") }
        return EntryBundle.encode(leaves.map(\.leaf.bytes))
    }

    // MARK: Proofs

    private func inclusion(_ call: Call) async throws -> Reply {
        let faults = FaultCollector()
        let hash = call.hash(faults)
        let wanted = call.size("size", faults)
        try faults.throwIfAny(.invalidQuery)
        guard let hash else { throw Failure(.invalidQuery) }
        return try await log.database.read { tx in
            let head = try LogStore.head(tx)
            let size = wanted ?? head.size
            guard size <= head.size else { throw Failure.beyondLog("size", head.size) }
            let (number, leaf) = try LogService.leaf(tx, hash)
            guard number < size else {
                throw Failure.query(
                    "size",
                    "too_small",
                    zh: "这条记录排在第 \(number) 位，须大于该数",
                    en: "The entry stands at \(number): must be larger than that"
                )
            }
            var tree = TreeReader(size: size, tiles: StoredTiles(tx: tx))
            return Reply.json([
                "origin": JSON(log.origin),
                "hash": JSON(hash.hex),
                "leaf_index": .integer(number),
                "leaf": JSON(Base64.encode(leaf.bytes)),
                "size": .integer(size),
                "root": JSON(Base64.encode(try tree.root().bytes)),
                "proof": .hashes(try tree.inclusionProof(index: number)),
            ])
        }
    }

    private func consistency(_ call: Call) async throws -> Reply {
        let faults = FaultCollector()
        let from = call.size("from", faults, isRequired: true)
        let wanted = call.size("to", faults)
        try faults.throwIfAny(.invalidQuery)
        guard let from else { throw Failure(.invalidQuery) }
        return try await log.database.read { tx in
            let head = try LogStore.head(tx)
            let size = wanted ?? head.size
            guard size <= head.size else { throw Failure.beyondLog("to", head.size) }
            guard from <= size else {
                throw Failure.query(
                    "from",
                    "too_large",
                    zh: "不能大于 \(size)",
                    en: "Must not be larger than \(size)"
                )
            }
            let tiles = StoredTiles(tx: tx)
            var (old, new) = (TreeReader(size: from, tiles: tiles), TreeReader(size: size, tiles: tiles))
            return Reply.json([
                "origin": JSON(log.origin),
                "from": .integer(from),
                "from_root": JSON(Base64.encode(try old.root().bytes)),
                "to": .integer(size),
                "to_root": JSON(Base64.encode(try new.root().bytes)),
                "proof": .hashes(try new.consistencyProof(from: from)),
            ])
        }
    }

    /// C2SP tlog-proof. What it calls extra is the car's key, which the leaf has before the hash.
    private func proofFile(_ call: Call) async throws -> Reply {
        guard let hash = Digest(hex: try call.parameter("hash")) else {
            throw Failure(.invalidRequest, faults: [.hashFormat(at: "/hash")])
        }
        return try await log.database.read { tx in
            let (number, leaf) = try LogService.leaf(tx, hash)
            let view = try LogView(tx, policy: log.policy)
            guard number < view.size else { throw Failure(.entryNotIntegrated, retryAfterSeconds: 1) }
            var tree = view.tree
            let proof = TlogProof(
                extra: leaf.vehicle.bytes,
                index: number,
                hashes: try tree.inclusionProof(index: number),
                checkpoint: view.checkpoint
            )
            return try Reply.note(String(decoding: proof.bytes, as: UTF8.self))
        }
    }

    private static func leaf(_ tx: any Transaction, _ hash: Digest) throws -> (number: Int64, leaf: LogLeaf) {
        guard let row = try tx.first(LogStore.place(of: hash)) else { throw Failure(.leafUnknown) }
        guard let number = try row.optionalInteger(0) ?? row.optionalInteger(1) else {
            throw Failure(.entryNotIntegrated, retryAfterSeconds: 1)
        }
        guard let found = try LogStore.leaves(tx, from: number, limit: 1).first, found.number == number,
            found.leaf.entry == hash
        else { throw StoredDataError("an entry's place in the log is another's") }
        return (number, found.leaf)
    }
}

extension Reply {
    /// A text that is signed, and soon followed by a newer one.
    fileprivate static func note(_ text: String?) throws -> Reply {
        guard let text else { throw Failure(.logNotStarted) }
        return Reply(
            .ok,
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: .bytes(Array(text.utf8))
        )
        .with(.cacheControl, "public, max-age=1")
        .withETag(String(SHA256.hash(text.utf8).hex.prefix(32)))
    }
}

extension Call {
    fileprivate func hash(_ faults: FaultCollector) -> Digest? {
        let hash = query["hash"].flatMap { Digest(hex: $0) }
        if hash == nil { faults.add(.hashFormat(at: "/query/hash")) }
        return hash
    }

    fileprivate func size(_ name: String, _ faults: FaultCollector, isRequired: Bool = false) -> Int64? {
        guard let text = query[name] else {
            if isRequired {
                faults.add("/query/\(name)", "required", zh: "必须给出", en: "Is required")
            }
            return nil
        }
        let size = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int64(text) : nil
        if size == nil {
            faults.add("/query/\(name)", "integer", zh: "须为非负整数", en: "Must be an integer, 0 or more")
        }
        return size
    }
}

extension Fault {
    fileprivate static func hashFormat(at pointer: String) -> Fault {
        Fault(
            pointer,
            "hash_format",
            zh: "须为 64 位小写十六进制",
            en: "Must be 64 lower-case hexadecimal digits"
        )
    }
}

extension Failure {
    fileprivate static func query(_ name: String, _ code: String, zh: String, en: String) -> Failure {
        Failure(.invalidQuery, faults: [Fault("/query/\(name)", code, zh: zh, en: en)])
    }

    fileprivate static func beyondLog(_ name: String, _ size: Int64) -> Failure {
        query(name, "beyond_log", zh: "日志目前只有 \(size) 条", en: "The log has \(size) entries so far")
    }
}
