import Core
import Cryptography
import History
import Storage
import Support
import Testing
import TransparencyLog

@testable import chexin

// The steps of a walk that concern the transparency log and what is proven out of it.

extension Visit {
    func log(_ entry: Answer) async throws {
        try await server.composition.log.catchUp()
        let note = try await call("getCheckpoint")
        let index = try await call("getVehicleIndexNote")
        for (id, answer) in [("getCheckpoint", note), ("getVehicleIndexNote", index)] {
            let tag = try answer.entityTag()
            let unchanged = try await call(id, Request(headers: [("If-None-Match", tag)]))
            #expect(unchanged.status == 304)
        }
        let size = try #require(note.size)
        #expect(index.size == size)
        try await tiles(size)
        try await moments(entry)
        try await proofs(entry, size)
        try await bundles(entry)
        try await waiting()
    }

    /// An entry that is chained and has no place yet, as on an engine where many write at once.
    private func waiting() async throws {
        let event: JSON = [
            "kind": "odometer.read", "occurred_at": "2026-02-01T00:00:00.000Z", "ref": "waiting-1",
            "data": ["odometer_km": 1000],
        ]
        let car = try VIN(parsing: "LSVDEM331MD000021")
        let chained = try await server.store.database.write { tx in
            try Histories(log: ServerUnderTest.log).report(tx, event, on: car)
        }
        let hash = chained.row.hash.hex
        try await refuse("getInclusion", "entry_not_integrated", Request(query: "hash=\(hash)"))
        let late = try await refuse("getTlogProof", "entry_not_integrated", Request(parameters: ["hash": hash]))
        #expect(late.http.header("Retry-After") == "1")
    }

    private func moments(_ entry: Answer) async throws {
        let hash = try entry.text("hash")
        let then = try await call("getHistory", Request(parameters: vehicle, query: "as_of=\(hash)"))
        #expect(try then.text("head") == hash)
        #expect((then.json["recorded_since"]?.integerValue ?? 0) > 0)
        let before = Request(parameters: vehicle, query: "as_of=2020-01-01T00:00:00Z")
        #expect(try await call("getHistory", before).json["entry_count"] == 0)
        var lines = Request(parameters: vehicle, query: "as_of=\(hash)&limit=1")
        try await call("getHistory", lines)
        lines = Request(parameters: vehicle, query: "as_of=\(hash)", headers: [("Accept", "application/x-ndjson")])
        #expect(try await call("getHistory", lines).http.body.contains(0x0A))
        try await refuse("getHistory", "invalid_query", Request(parameters: vehicle, query: "as_of=yesterday"))
        let unknown = String(repeating: "0", count: 64)
        try await refuse("getHistory", "entry_unknown", Request(parameters: vehicle, query: "as_of=\(unknown)"))
    }

    private func tiles(_ size: Int) async throws {
        try #require((2..<256).contains(size))
        func tile(_ level: String, _ tile: String) -> Request {
            Request(parameters: ["level": level, "tile": tile])
        }
        #expect(try await call("getTile", tile("0", "000.p/\(size)")).http.body.count == 32 * size)
        #expect(try await call("getTile", tile("entries", "000.p/1")).http.body.count == 2 + 64)
        for path in ["000", "000.p/\(size + 1)", "000.p/0", "x000/000.p/1", "1.p/1", "a"] {
            try await refuse("getTile", "tile_unknown", tile("0", path))
            try await refuse("getTile", "tile_unknown", tile("entries", path))
        }
        try await refuse("getTile", "tile_unknown", tile("1", "000.p/1"))
    }

    private func proofs(_ entry: Answer, _ size: Int) async throws {
        let hash = try entry.text("hash")
        let unknown = String(repeating: "0", count: 64)
        let found = try await call("getInclusion", Request(query: "hash=\(hash)&size=\(size)"))
        let place = try #require(found.json["leaf_index"]?.integerValue)
        #expect(try await call("getInclusion", Request(query: "hash=\(hash)")).json["size"] == JSON(size))
        try await refuse("getInclusion", "leaf_unknown", Request(query: "hash=\(unknown)"))
        for query in [
            "", "hash=abc", "hash=\(hash)&size=\(place)", "hash=\(hash)&size=\(size + 1)", "hash=\(hash)&size=x",
        ] {
            try await refuse("getInclusion", "invalid_query", Request(query: query))
        }
        #expect(try await call("getConsistency", Request(query: "from=0")).json["proof"] == [])
        try await call("getConsistency", Request(query: "from=1&to=\(size)"))
        for query in ["", "from=2&to=1", "from=0&to=\(size + 1)", "from=-1"] {
            try await refuse("getConsistency", "invalid_query", Request(query: query))
        }
        let file = try await call("getTlogProof", Request(parameters: ["hash": hash]))
        #expect(file.http.text.contains("c2sp.org/tlog-proof@v1\nextra "))
        try await refuse("getTlogProof", "leaf_unknown", Request(parameters: anyParameters))
        try await refuse("getTlogProof", "invalid_request", Request(parameters: ["hash": "abc"]))
    }

    /// One of the car's entries has been erased by now.
    private func bundles(_ entry: Answer) async throws {
        let bundle = try await call("getProof", Request(parameters: vehicle))
        let unchanged = Request(parameters: vehicle, headers: [("If-None-Match", try bundle.entityTag())])
        #expect(try await call("getProof", unchanged).status == 304)
        let genuine = try await call("verifyHashes", Request(json: bundle.json))
        #expect(genuine.json["verdict"] == "genuine", "\(genuine.http.text)")
        #expect(genuine.json["checks"]?.arrayValue?.contains { $0["outcome"] == "sealed" } == true)
        let empty = try await call("getProof", Request(parameters: ["vin": "LSVAU2187N2123456"]))
        #expect(empty.json["entries"] == [])
        #expect(try await call("verifyHashes", Request(json: empty.json)).json["verdict"] == "genuine")
        var members = bundle.json.members ?? []
        let place = try #require(members.firstIndex { $0.name == "entries" })
        members[place] = JSON.Member("entries", .array(Array((bundle.json["entries"]?.arrayValue ?? []).dropLast())))
        let shortened = try await call("verifyHashes", Request(json: .object(members)))
        #expect(shortened.json["verdict"] == "altered")
        try await refuse("getProof", "invalid_request", Request(parameters: ["vin": "TOO-SHORT"]))
        let hash = try entry.text("hash")
        let then = try await call("getProof", Request(parameters: vehicle, query: "as_of=\(hash)"))
        #expect(then.json["as_of"]?["head"] == JSON(hash))
        #expect(then.json["entries"] == bundle.json["entries"])
        let verdict = try await call("verifyHashes", Request(json: then.json))
        #expect(verdict.json["verdict"] == "genuine")
        #expect(verdict.json["checks"]?.arrayValue?.last?["check"] == "as_of")
        let before = try await call("getProof", Request(parameters: vehicle, query: "as_of=2020-01-01T00:00:00Z"))
        #expect(before.json["as_of"] == ["entry_count": 0, "head": .null])
        try await refuse("getProof", "invalid_query", Request(parameters: vehicle, query: "as_of=yesterday"))
        let unknown = String(repeating: "0", count: 64)
        try await refuse("getProof", "entry_unknown", Request(parameters: vehicle, query: "as_of=\(unknown)"))
    }
}

extension Answer {
    /// Of a checkpoint.
    fileprivate var size: Int? {
        let lines = http.text.split(separator: "\n")
        return lines.count > 2 ? Int(lines[1]) : nil
    }
}
