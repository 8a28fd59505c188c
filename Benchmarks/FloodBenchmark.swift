import Core
import Foundation

/// Reads while others try passwords, many times more than can be checked: both at a steady rate, so that the slowest
/// hundredth of the reads tells what a buyer waits, with nobody at the door and with a crowd. As fast as they go, wrk
/// and the server would share the machine's time in either case, and the figure would be that of the scheduler.
struct FloodBenchmark {
    let chexin: String
    let runs: Int

    private static let seconds = 5
    /// About 300 guesses a second: some twenty times what the password checks manage, so that every waiting place is
    /// taken all the time.
    private static let guessers = 32
    private static let guessPauseMilliseconds = 100
    /// About 400 reads a second.
    private static let readers = 4
    private static let readPauseMilliseconds = 10

    func run(_ table: inout Table) async throws {
        let server = try await ServerUnderTest(chexin: chexin, port: 18_435)
        let vin = BenchmarkEvent.vin(1)
        try server.load(vins: [vin], events: 20)
        let url = "\(server.url)/v1/vehicles/\(vin)"
        let (guessing, reading) = (try guessing(server), try reading(server))
        var (idle, flooded): ([Double], [Double]) = ([], [])
        for _ in 0..<runs {
            idle.append(try slowest(url, reading))
            let flood = try Program(
                "/usr/bin/wrk",
                [
                    "-t1", "-c\(FloodBenchmark.guessers)", "-d\(FloodBenchmark.seconds + 2)s", "-s", guessing,
                    "\(server.url)/v1/sessions",
                ]
            )
            try await Task.sleep(for: .seconds(1))
            flooded.append(try slowest(url, reading))
            withExtendedLifetime(flood) {}
        }
        // Of neighbours: what the machine does besides weighs on both.
        let ratios = zip(flooded, idle).map { $0 / $1 }
        table.add(
            "p99 of a read while sign-ins flood",
            rounded(flooded.median) + " ms",
            rounded(idle.median) + " ms idle",
            rounded(ratios.median) + " ×",
            "≤ 2 ×"
        )
    }

    /// Each guess is for another account, so that no lock-out turns them away at the door.
    private func guessing(_ server: ServerUnderTest) throws -> String {
        let script = """
            function delay() return \(FloodBenchmark.guessPauseMilliseconds) end
            local number = 0
            local headers = { ["Content-Type"] = "application/json" }
            request = function()
                number = number + 1
                local body = '{"login":"guess' .. number .. '@example.com","password":"wrong horse","code":"000000"}'
                return wrk.format("POST", nil, headers, body)
            end
            """
        let file = server.directory + "/guess.lua"
        try Data(script.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    private func reading(_ server: ServerUnderTest) throws -> String {
        let file = server.directory + "/read.lua"
        let script = "function delay() return \(FloodBenchmark.readPauseMilliseconds) end\n"
        try Data(script.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// - Returns: milliseconds of the slowest hundredth of reads.
    private func slowest(_ url: String, _ script: String) throws -> Double {
        let pace = ["-t1", "-c\(FloodBenchmark.readers)", "-d\(FloodBenchmark.seconds)s"]
        let arguments = pace + ["--latency", "-s", script, url]
        let output = String(decoding: try Program.output("/usr/bin/wrk", arguments), as: UTF8.self)
        let figure = output.split(separator: "\n").map { $0.split(separator: " ") }.first { $0.first == "99%" }?.last
        guard let figure, !output.contains("Non-2xx") else { throw Broken(what: output) }
        return try LatencyBenchmark.milliseconds(figure)
    }
}
