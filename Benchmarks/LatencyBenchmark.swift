import Core
import Foundation

/// One client alone: what an append takes beyond the fsync that makes it durable.
struct LatencyBenchmark {
    let chexin: String
    let runs: Int

    private static let seconds = 3
    private static let syncs = 400

    func run(_ table: inout Table) async throws {
        let server = try await ServerUnderTest(chexin: chexin, port: 18_433)
        var (appends, syncs): ([Double], [Double]) = ([], [])
        for run in 0..<runs {
            appends.append(try append(server, run: run))
            syncs.append(synchronize(server.directory))
        }
        table.add(
            "R7 one client alone, p50 of an append over HTTP",
            rounded(appends.median) + " ms",
            rounded(syncs.median) + " ms fsync",
            "+" + rounded(appends.median - syncs.median) + " ms",
            "≤ +2 ms"
        )
    }

    /// - Returns: milliseconds, the median of one connection that sends an append as soon as the last is answered.
    private func append(_ server: ServerUnderTest, run: Int) throws -> Double {
        let vin = BenchmarkEvent.vin(run)
        let body = String(
            decoding: BenchmarkEvent.reading(vin: "alone-\(run)", step: 0, named: false).bytes,
            as: UTF8.self
        )
        let script = """
            local body, number = [==[\(body)]==], 0
            local headers = { ["Authorization"] = "Bearer \(server.key)", ["Content-Type"] = "application/json" }
            request = function()
                number = number + 1
                local event = body:gsub("alone%-\(run)%-0", "alone-\(run)-" .. number)
                return wrk.format("POST", nil, headers, event)
            end
            response = function(status) if status ~= 201 then error("status " .. status) end end
            """
        let file = server.directory + "/append.lua"
        try Data(script.utf8).write(to: URL(fileURLWithPath: file))
        let arguments = ["-t1", "-c1", "-d\(LatencyBenchmark.seconds)s", "--latency", "-s", file]
        let url = "\(server.url)/v1/vehicles/\(vin)/events"
        let output = String(decoding: try Program.output("/usr/bin/wrk", arguments + [url]), as: UTF8.self)
        let median = output.split(separator: "\n").map { $0.split(separator: " ") }.first { $0.first == "50%" }?.last
        guard let median, !output.contains("Non-2xx") else { throw Broken(what: output) }
        return try LatencyBenchmark.milliseconds(median)
    }

    /// wrk writes `812.00us` or `1.20ms`.
    static func milliseconds(_ text: Substring) throws -> Double {
        let units = [("us", 0.001), ("ms", 1.0), ("s", 1000.0)]
        for (unit, factor) in units where text.hasSuffix(unit) {
            if let number = Double(text.dropLast(unit.count)) { return number * factor }
        }
        throw Broken(what: "no time: \(text)")
    }

    /// - Returns: milliseconds, the median of writing two pages and making them durable.
    private func synchronize(_ directory: String) -> Double {
        let file = open(directory + "/sync", O_CREAT | O_WRONLY, 0o600)
        defer { close(file) }
        let page = [UInt8](repeating: 7, count: 8192)
        let clock = ContinuousClock()
        let times = (0..<LatencyBenchmark.syncs).map { _ in
            clock.measure {
                _ = write(file, page, page.count)
                _ = fdatasync(file)
            }
            .seconds * 1000
        }
        return times.median
    }
}
