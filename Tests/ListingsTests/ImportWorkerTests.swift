import Core
import Identity
import Logging
import Storage
import Support
import Testing
import Web

@testable import Listings

/// Imports on a store of their own, gone through a chunk at a time.
struct ImportBench: Sendable {
    static let header = "车架号,品牌,车系,表显里程(公里),报价(元)"

    let store: TestStore
    let worker: ImportWorker

    static func open(_ engine: Engine) async throws -> ImportBench {
        let store = try await TestStore.open(engine)
        try await store.database.write { tx in
            for (id, uscc) in [(dealer("a"), "91110108551385082Q"), (dealer("b"), "91350100M000100Y43")] {
                try tx.execute(
                    """
                    INSERT INTO organization (id, kind, name, uscc, signatures_required, version, created_at)
                    VALUES (\(id.text), 'dealer', '车行', \(uscc), 0, 1, 1)
                    """
                )
            }
        }
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        return ImportBench(store: store, worker: ImportWorker(database: store.database, logger: logger))
    }

    static func dealer(_ name: String) -> OrganizationID {
        OrganizationID("org_" + String(repeating: "0", count: 25) + name)!
    }

    /// A valid VIN for each number.
    static func vin(_ number: Int) -> String {
        let open = "LFV2A21K0G4" + String(1_000_000 + number).dropFirst()
        for digit in "0123456789X" {
            let text = open.prefix(8) + String(digit) + open.dropFirst(9)
            if (try? VIN(parsing: String(text))) != nil { return String(text) }
        }
        return open
    }

    static func row(_ number: Int, yuan: Int = 88_800) -> String { "\(vin(number)),大众,朗逸,\(45_000 + number),\(yuan)" }

    static func lease(_ store: TestStore, _ holder: String = "test") async throws -> Lease {
        try #require(try await store.database.write { try Lease.acquire($0, ImportWorker.leaseName, holder: holder) })
    }

    func send(_ rows: [String], _ mode: ImportMode = .skipBad, as name: String = "a") async throws -> InventoryImport {
        let bytes = Array(([ImportBench.header] + rows).joined(separator: "\n").utf8)
        var intake = FileIntake(.csv, nil, [])
        try bytes.withUnsafeBytes { try intake.take($0) }
        try intake.finish()
        let chunks = intake.takeLastChunks()
        let origin = Origin(organization: ImportBench.dealer(name).text, credential: "key_1", requestID: nil)
        let begun = try await store.database.write { tx in
            try Imports.begin(tx, dealer: ImportBench.dealer(name), mode: mode, format: .csv, from: origin)
        }
        let arrived = intake.arrived(begun)
        return try await store.database.write { tx in
            try ImportRowStore.insert(tx, chunks, of: begun.id.text)
            return try Imports.accept(tx, arrived, from: origin)
        }
    }

    /// Gone through to its end.
    func done(_ rows: [String], _ mode: ImportMode = .skipBad) async throws -> InventoryImport {
        let sent = try await send(rows, mode)
        let lease = try await ImportBench.lease(store)
        try await worker.drain(under: lease)
        try await store.database.write { try lease.release($0) }
        return try await current(sent)
    }

    func current(_ sent: InventoryImport) async throws -> InventoryImport {
        try #require(try await store.database.read { try ImportStore.find($0, sent.id.text) })
    }

    func results(_ sent: InventoryImport, _ status: RowStatus? = nil) async throws -> [RowResult] {
        try await store.database.read { tx in
            try ImportRowStore.page(tx, of: sent.id.text, status, after: 0, limit: 1000)
        }
    }

    func listings() async throws -> Int64 {
        try await store.database.read { try $0.first("SELECT COUNT(id) FROM listing")?.integer(0) ?? -1 }
    }
}

extension ImportCounts {
    /// read valid created updated unchanged failed
    var text: String { "\(read) \(valid) \(created) \(updated) \(unchanged) \(failed)" }
}

@Suite struct ImportWorkerTests {
    private static let rows = (0..<450).map { ImportBench.row($0) }

    @Test(arguments: Engine.allCases)
    func `good rows become drafts, the same file changes nothing, and a new price changes its car`(
        engine: Engine
    ) async throws {
        let bench = try await ImportBench.open(engine)
        let bad = [ImportBench.row(1, yuan: 0), "TOO-SHORT,大众,朗逸,1,1", ImportBench.row(2)]
        let first = try await bench.done(Self.rows + bad)
        #expect(first.state == .completed)
        #expect(first.counts.text == "453 0 450 0 0 3")
        #expect(first.percent == 100)
        #expect(try await bench.listings() == 450)
        let failed = try await bench.results(first, .failed)
        #expect(failed.map(\.number) == [451, 452, 453])
        #expect(failed.map { $0.faults.map(\.fault.code) } == [["repeated_vin"], ["length"], ["repeated_vin"]])
        #expect(failed[2].faults[0].fault.detail.zh.contains("第 4 行"))
        #expect(failed[2].faults[0].heading == "车架号")
        let again = try await bench.done(Self.rows)
        #expect(again.counts.text == "450 0 0 0 450 0")
        let cheaper = try await bench.done([ImportBench.row(7, yuan: 80_000), ImportBench.row(9)])
        #expect(cheaper.counts.text == "2 0 0 1 1 0")
        #expect(try await bench.listings() == 450)
        let change = try await bench.store.database.read { tx in
            try tx.first("SELECT detail FROM listing_change WHERE seq = 2")?.text(0)
        }
        #expect(change?.contains(cheaper.id.text) == true && change?.contains("8000000") == true)
    }

    @Test(arguments: Engine.allCases)
    func `all or nothing is nothing where one row is bad, and all where none is`(engine: Engine) async throws {
        let bench = try await ImportBench.open(engine)
        let none = try await bench.done(Self.rows + [ImportBench.row(900, yuan: 0)], .allOrNothing)
        #expect(none.state == .failed)
        #expect(none.counts.text == "451 450 0 0 0 1")
        #expect(none.percent == 100)
        #expect(try await bench.listings() == 0)
        let all = try await bench.done(Self.rows, .allOrNothing)
        #expect(all.state == .completed)
        #expect(all.counts.text == "450 0 450 0 0 0")
        #expect(try await bench.results(all).allSatisfy { $0.status == .created && $0.listing != nil })
        #expect(try await bench.listings() == 450)
    }

    @Test(arguments: Engine.allCases)
    func `what is only looked at writes nothing`(engine: Engine) async throws {
        let bench = try await ImportBench.open(engine)
        let looked = try await bench.done(Self.rows + [ImportBench.row(900, yuan: 0)], .validate)
        #expect(looked.state == .completed)
        #expect(looked.counts.text == "451 450 0 0 0 1")
        #expect(try await bench.results(looked, .failed).first?.faults.first?.heading == "报价(元)")
        let bad = try await bench.done(["TOO-SHORT,大众,朗逸,1,1"], .validate)
        #expect(bad.counts.text == "1 0 0 0 0 1")
        #expect(try await bench.listings() == 0)
    }

    @Test(arguments: Engine.allCases)
    func `dealers take turns, and a short file does not wait for a long one`(engine: Engine) async throws {
        let bench = try await ImportBench.open(engine)
        let long = try await bench.send(Self.rows, as: "a")
        // Of two that came in the same millisecond either may be first.
        bench.store.clock.advance(seconds: 1)
        let next = try await bench.send([ImportBench.row(1)], as: "a")
        let short = try await bench.send([ImportBench.row(1)], as: "b")
        let lease = try await ImportBench.lease(bench.store)
        var attempts: [String: Int] = [:]
        var dealer = ""
        for _ in 0..<2 { dealer = try await bench.worker.turn(after: dealer, under: lease, &attempts) ?? "" }
        #expect(try await bench.current(long).counts.read == 200)
        #expect(try await bench.current(long).percent == 44)
        #expect(try await bench.current(short).state == .completed)
        #expect(try await bench.current(next).state == .queued)
        #expect(try await bench.worker.turn(after: dealer, under: lease, &attempts) == nil)
        try await bench.worker.drain(under: lease)
        #expect(try await bench.current(next).counts.text == "1 0 0 0 1 0")
    }

    @Test(arguments: Engine.allCases)
    func `what is cancelled stops where it is`(engine: Engine) async throws {
        let bench = try await ImportBench.open(engine)
        let sent = try await bench.send(Self.rows)
        let lease = try await ImportBench.lease(bench.store)
        var attempts: [String: Int] = [:]
        _ = try await bench.worker.turn(after: "", under: lease, &attempts)
        // One that was read before, and comes to write afterwards.
        let begun = try await bench.current(sent)
        let late = try await bench.store.database.read { tx in
            try ImportBatch(begun, try ImportRowStore.chunk(tx, begun.position, of: begun.id.text)!)
        }
        let origin = Origin.system
        let cancelled = try await bench.store.database.write { try Imports.cancel($0, begun, from: origin) }
        #expect(try await bench.store.database.write { try late.write($0) } == nil)
        try await bench.worker.drain(under: lease)
        #expect(try await bench.current(sent) == cancelled)
        #expect(cancelled.counts.text == "200 0 200 0 0 0")
        #expect(try await bench.listings() == 200)
        #expect(try await bench.store.database.write { try Imports.cancel($0, cancelled, from: origin) } == cancelled)
        let last = try await bench.send([ImportBench.row(1)])
        try await bench.worker.drain(under: lease)
        let over = try await bench.current(last)
        #expect(over.counts.text == "1 0 0 0 1 0")
        await #expect(throws: Failure.self) {
            try await bench.store.database.write { try Imports.cancel($0, over, from: origin) }
        }
    }

    @Test(arguments: Engine.allCases)
    func `who lost the lease writes nothing`(engine: Engine) async throws {
        let bench = try await ImportBench.open(engine)
        let sent = try await bench.send(Self.rows)
        let lost = try await ImportBench.lease(bench.store, "stopped")
        bench.store.clock.advance(seconds: Lease.seconds)
        let current = try await ImportBench.lease(bench.store, "next")
        await #expect(throws: LeaseLost.self) { try await bench.worker.drain(under: lost) }
        #expect(try await bench.listings() == 0)
        #expect(try await bench.current(sent).state == .queued)
        try await bench.worker.drain(under: current)
        #expect(try await bench.listings() == 450)
    }

    @Test(arguments: Engine.allCases)
    func `a defect ends its import and no other`(engine: Engine) async throws {
        let bench = try await ImportBench.open(engine)
        let broken = try await bench.send(Self.rows, as: "a")
        let whole = try await bench.send([ImportBench.row(1)], as: "b")
        try await bench.store.database.write { try ImportRowStore.deleteChunk($0, 1, of: broken.id.text) }
        try await bench.worker.drain(under: try await ImportBench.lease(bench.store))
        let given = try await bench.current(broken)
        #expect(given.state == .failed && given.defect == "internal_error" && given.percent == 44)
        #expect(try await bench.current(whole).state == .completed)
    }

    @Test(arguments: Engine.allCases)
    func `files go when their time is over, and results stay`(engine: Engine) async throws {
        let bench = try await ImportBench.open(engine)
        let done = try await bench.done(Self.rows)
        let origin = Origin(organization: nil, credential: nil, requestID: nil)
        let abandoned = try await bench.store.database.write { tx in
            let begun = try Imports.begin(
                tx,
                dealer: ImportBench.dealer("a"),
                mode: .validate,
                format: .csv,
                from: origin
            )
            try ImportRowStore.insert(tx, [RowChunk(number: 0, firstRow: 1)], of: begun.id.text)
            return begun
        }
        func sweep() async throws {
            while try await bench.store.database.write({ try Imports.purge($0, limit: 2) }) == 2 {}
        }
        try await sweep()
        #expect(try await bench.current(abandoned).state == .receiving)
        bench.store.clock.advance(seconds: ImportLimits.abandonedSeconds)
        try await sweep()
        #expect(try await bench.store.database.read { try ImportStore.find($0, abandoned.id.text) } == nil)
        #expect(try await bench.current(done).fileUntil != nil)
        bench.store.clock.advance(seconds: ImportLimits.fileSeconds)
        try await sweep()
        #expect(try await bench.current(done).fileUntil == nil)
        for id in [done.id.text, abandoned.id.text] {
            #expect(try await bench.store.database.read { try ImportRowStore.chunk($0, 0, of: id) } == nil)
        }
        #expect(try await bench.results(done).count == 450)
    }

    @Test(arguments: Engine.allCases)
    func `a dealer has so many unfinished imports and no more`(engine: Engine) async throws {
        let bench = try await ImportBench.open(engine)
        for _ in 0..<ImportLimits.unfinished { _ = try await bench.send([ImportBench.row(1)]) }
        let failure = await #expect(throws: Failure.self) { try await bench.send([ImportBench.row(1)]) }
        #expect(failure?.type == .tooManyImports)
        _ = try await bench.send([ImportBench.row(1)], as: "b")
    }
}
