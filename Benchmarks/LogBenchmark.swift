import Core
import Cryptography
import Foundation
import History
import Identity
import Ledger
import Logging
import Migrations
import ServiceLifecycle
import Storage
import StorageSQLite
import Support
import TransparencyLog
import Web

/// What the transparency log costs: appends in process and over HTTP with tree, signature and vehicle index, what they
/// leave on the disk, what proofs cost, and what an audit of the whole takes.
struct LogBenchmark {
    let chexin: String
    let runs: Int
    /// In the log before anything is measured: the depth of tree and index decides what an append costs.
    let cars: Int

    private static let load = AppendLoad(writers: 512, appendsPerWriter: 40)
    private static let origin = "benchmark/chexin"
    private static let fillBatch = 5000

    func run(_ table: inout Table) async throws {
        let directory = NSTemporaryDirectory() + "chexin-log-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/store.sqlite"
        let keys = try LogKeys.forTests(origin: LogBenchmark.origin)
        try await fill(path, keys)
        try await append(path, keys, &table)
        try await prove(path, keys, &table)
        try await audit(path, keys, &table)
        try await overHTTP(&table)
    }

    private func open(_ path: String, _ keys: LogKeys) async throws -> (SQLiteDatabase, TransparencyLog) {
        let database = try await SQLiteDatabase.open(.file(path: path))
        _ = try await Migrator(Schema.migrations, dialect: .sqlite, database: database).apply()
        let log = TransparencyLog(keys: keys, database: database)
        try await log.start(knowing: [])
        return (database, log)
    }

    private func fill(_ path: String, _ keys: LogKeys) async throws {
        let (database, log) = try await open(path, keys)
        for first in stride(from: 0, to: cars, by: LogBenchmark.fillBatch) {
            let numbers = first..<min(cars, first + LogBenchmark.fillBatch)
            try await database.write { tx in
                for number in numbers {
                    let key = withUnsafeBytes(of: number) { SHA256.hash($0) }
                    _ = try log.add(tx, LogLeaf(vehicle: key, entry: key), count: 1, recordedAt: tx.now)
                }
            }
        }
        try await log.catchUp()
        try await database.close()
    }

    // MARK: Appends

    private func append(_ path: String, _ keys: LogKeys, _ table: inout Table) async throws {
        var (ours, raw, slowest, lags, bytes): ([Double], [Double], [Double], [Double], [Double]) = ([], [], [], [], [])
        for run in 0..<runs {
            let copy = "\(path).\(run)"
            try FileManager.default.copyItem(atPath: path, toPath: copy)
            let (database, log) = try await open(copy, keys)
            try await LogBenchmark.load.register(in: log)
            let before = try await size(of: database)
            let lag = LagMeter(log: log)
            let logger = Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() })
            let follower = Task { try await log.upkeep(logger: logger).run() }
            let watching = Task { await lag.run() }
            let measured = try await LogBenchmark.load.measure(on: database, transparency: log)
            watching.cancel()
            lags.append(await watching.value)
            follower.cancel()
            // A step of its own that is still under way would meet the next one in the index.
            _ = await follower.result
            try await log.catchUp()
            let contents = measured.stored.reduce(0) {
                $0 + $1.row.envelope.utf8.count + ($1.row.payload?.utf8.count ?? 0)
            }
            let growth = try await size(of: database) - before - contents
            bytes.append(Double(growth) / Double(measured.stored.count))
            ours.append(measured.rate)
            slowest.append(measured.p99Milliseconds)
            try await database.close()
            let bare = try await SQLiteDatabase.open(.file(path: copy + ".raw"))
            _ = try await Migrator(Schema.migrations, dialect: .sqlite, database: bare).apply()
            raw.append(try await AppendLoad.insert(measured.stored, batch: 256, into: bare))
            try await bare.close()
        }
        table.add(
            "R8 append in process, 512 callers, \(cars) cars in the log, signed; against the rows of the entries alone",
            rounded(ours.median, 0) + "/s, p99 " + rounded(slowest.median, 0) + " ms",
            rounded(raw.median, 0) + "/s",
            rounded(ours.median / raw.median),
            "≥ 10,000/s, ≤ 60 ms"
        )
        table.add("R8 the vehicle index behind the log, at most", rounded(lags.max() ?? 0) + " s", "–", "–", "≤ 1 s")
        table.add(
            "R10 on the disk beyond envelope and payload, tree and index included",
            rounded(bytes.median, 0) + " B an entry",
            "–",
            "–",
            "≤ 400 B"
        )
    }

    private func size(of database: any Database) async throws -> Int {
        try await database.read { tx in
            let pages = try tx.first("SELECT page_count FROM pragma_page_count")?.integer(0) ?? 0
            let free = try tx.first("SELECT freelist_count FROM pragma_freelist_count")?.integer(0) ?? 0
            let size = try tx.first("SELECT page_size FROM pragma_page_size")?.integer(0) ?? 0
            return Int((pages - free) * size)
        }
    }

    // MARK: Proofs

    private static let proofs = 200

    private func prove(_ path: String, _ keys: LogKeys, _ table: inout Table) async throws {
        let (database, log) = try await open("\(path).0", keys)
        let histories = Histories(log: LogBenchmark.origin, transparency: log)
        let car = try VIN(parsing: BenchmarkEvent.vin(9_999_999))
        let one = AppendLoad(writers: 1, appendsPerWriter: 200)
        _ = try await one.measure(on: database, transparency: log, car: car.text)
        try await log.catchUp()
        guard let vehicle = try await database.read({ try TransparencyLog.vehicle($0, named: car.text) }) else {
            throw Broken(what: "the car has no key")
        }
        let clock = ContinuousClock()
        var (bundles, completeness): ([Double], [Double]) = ([], [])
        var overhead = 0
        for _ in 0..<LogBenchmark.proofs {
            let (whole, index, size) = try await database.read { tx in
                let started = clock.now
                let bundle = try histories.proof(tx, vin: car, vehicle: vehicle)
                let middle = clock.now
                _ = try LogView(tx).index.proof(of: vehicle.key)
                return (middle - started, clock.now - middle, bundle.overhead)
            }
            bundles.append(whole.seconds * 1000)
            completeness.append(index.seconds * 1000)
            overhead = size
        }
        table.add(
            "R11 completeness proof, and the whole bundle, of 200 events",
            rounded(completeness.median) + " ms, " + rounded(bundles.median) + " ms",
            "–",
            rounded(Double(overhead) / 1024, 1) + " KB beyond the events",
            "≤ 5 ms, ≤ 12 KB"
        )
        try await database.close()
    }

    // MARK: Audit

    private func audit(_ path: String, _ keys: LogKeys, _ table: inout Table) async throws {
        let (database, log) = try await open(path, keys)
        var settings = HTTPServerSettings()
        settings.rateLimitScale = 1000
        let nobody = Nobody()
        let parts = WebParts(
            authenticator: nobody,
            refusals: nobody,
            secret: SecretBytes([UInt8](repeating: 1, count: 32))
        )
        let server = try await RunningServer.start(
            settings: settings,
            parts: parts,
            endpoints: LogService(log: log).endpoints
        )
        let file = path + ".keys"
        let text = """
            log \(keys.verifierKeys[0].text)
            vehicles \(Base64.encode(keys.vehicles.publicKey.bytes))
            quorum none
            """
        try Data(text.utf8).write(to: URL(filePath: file))
        let before = Program.childSeconds
        _ = try Program.output(chexin, ["audit", "http://127.0.0.1:\(server.port)", "--keys", file])
        let seconds = Program.childSeconds - before
        table.add(
            "R12 audit over loopback HTTP of \(cars) entries, by the auditor's processor time",
            rounded(Double(cars) / seconds, 0) + " entries/s",
            "–",
            "–",
            "≥ 150,000/s a core"
        )
        try await database.close()
    }

    // MARK: Over HTTP

    private static let seconds = 4

    private func overHTTP(_ table: inout Table) async throws {
        let server = try await ServerUnderTest(chexin: chexin, port: 18_435)
        let plain = try Program(CommandLine.arguments[0], ["plain-server", "--port", "18436"])
        try await waitUntilReady(port: 18_436, path: "/plain")
        for (figure, connections, floor) in [("R6", 64, "0.25, ≤ 60 ms"), ("R8", 512, "0.40")] {
            var (ours, theirs, slowest): ([Double], [Double], [Double]) = ([], [], [])
            for run in 0..<runs {
                theirs.append(try wrk(connections, ["http://127.0.0.1:18436/plain"]).rate)
                let script = server.directory + "/append.lua"
                try Data(appends(server, "\(figure)-\(run)").utf8).write(to: URL(filePath: script))
                let measured = try wrk(connections, ["-s", script, server.url])
                ours.append(measured.rate)
                slowest.append(measured.p99)
            }
            table.add(
                "\(figure) append over HTTP, \(connections) connections, tree, index and signature, against plain text",
                rounded(ours.median, 0) + "/s, p99 " + rounded(slowest.median, 0) + " ms",
                rounded(theirs.median, 0) + "/s",
                rounded(ours.median / theirs.median),
                floor
            )
        }
        withExtendedLifetime(plain) {}
    }

    /// Of two hundred cars, each request under a `ref` of its own.
    private func appends(_ server: ServerUnderTest, _ name: String) -> String {
        let body = String(decoding: BenchmarkEvent.reading(vin: "XREFX", step: 0, named: false).bytes, as: UTF8.self)
        let vins = (0..<200).map { "\"\(BenchmarkEvent.vin($0))\"" }.joined(separator: ",")
        return """
            local body, number, vins = [==[\(body)]==], 0, {\(vins)}
            local headers = { ["Authorization"] = "Bearer \(server.key)", ["Content-Type"] = "application/json" }
            request = function()
                number = number + 1
                local event = body:gsub("XREFX%-0", "\(name)-" .. number)
                return wrk.format("POST", "/v1/vehicles/" .. vins[number % #vins + 1] .. "/events", headers, event)
            end
            response = function(status) if status ~= 201 then error("status " .. status) end end
            """
    }

    private func wrk(_ connections: Int, _ arguments: [String]) throws -> (rate: Double, p99: Double) {
        let common = ["-t1", "-c\(connections)", "-d\(LogBenchmark.seconds)s", "--latency"]
        let output = String(decoding: try Program.output("/usr/bin/wrk", common + arguments), as: UTF8.self)
        let lines = output.split(separator: "\n").map { $0.split(separator: " ") }
        guard let rate = lines.first(where: { $0.first == "Requests/sec:" })?.last.flatMap({ Double($0) }),
            let last = lines.first(where: { $0.first == "99%" })?.last, !output.contains("Non-2xx")
        else { throw Broken(what: output) }
        return (rate, try LatencyBenchmark.milliseconds(last))
    }
}

/// How far the vehicle index is behind, in time.
private struct LagMeter {
    let log: TransparencyLog

    /// Looks where the log is, and waits until the index is there, again and again.
    /// - Returns: the longest wait, in seconds.
    func run() async -> Double {
        let clock = ContinuousClock()
        var longest = 0.0
        while !Task.isCancelled {
            let started = clock.now
            guard let (size, _) = try? await sizes() else { break }
            while let (_, index) = try? await sizes(), index < size, !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(10))
            }
            if !Task.isCancelled { longest = max(longest, (clock.now - started).seconds) }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return longest
    }

    private func sizes() async throws -> (Int64, Int64) {
        try await log.database.read { tx in
            let view = try LogView(tx)
            return (view.size, view.indexSize)
        }
    }
}

/// Nobody has a key to the log alone.
private struct Nobody: Authenticator, RefusalRecorder {
    func authenticate(bearer: String) async throws -> Principal { throw Failure(.unauthenticated) }

    func record(_ refusal: Refusal) async {}
}

extension Program {
    /// Processor time of all children that have ended.
    static var childSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}
