import Core
import Foundation

/// Reads over HTTP, 64 connections, against plain text from the same framework on the same machine.
struct HTTPBenchmark {
    let chexin: String
    let runs: Int

    private static let connections = 64
    private static let seconds = 4
    private static let events = 20

    func run(_ table: inout Table) async throws {
        let server = try await ServerUnderTest(chexin: chexin, port: 18_431)
        let vin = BenchmarkEvent.vin(1)
        try server.load(vins: [vin], events: HTTPBenchmark.events)
        let lines = server.directory + "/lines.ndjson"
        try Data(try server.curl(["-H", "Accept: application/x-ndjson", "\(server.url)/v1/vehicles/\(vin)/history"]))
            .write(to: URL(fileURLWithPath: lines))
        let plain = try Program(CommandLine.arguments[0], ["plain-server", "--port", "18432", "--same", lines])
        try await waitUntilReady(port: 18_432, path: "/plain")
        let tag = try etag(server, vin)
        let vehicle = "\(server.url)/v1/vehicles/\(vin)"
        let base = "http://127.0.0.1:18432"
        let signedIn = ["Authorization: Bearer \(server.key)"]
        try measure("R1 GET a vehicle, signed in, limited, ETag", vehicle, signedIn, "\(base)/plain", "0.60", &table)
        try measure("R2 the same, 304", vehicle, signedIn + ["If-None-Match: \(tag)"], "\(base)/plain", "0.75", &table)
        try measure(
            "R3 history of 20 as raw NDJSON, against the same bytes",
            vehicle + "/history",
            signedIn + ["Accept: application/x-ndjson"],
            "\(base)/same",
            "0.60",
            &table
        )
        try measure("R4 list of 20 entries", vehicle + "/history?limit=20", signedIn, "\(base)/plain", "0.45", &table)
        withExtendedLifetime(plain) {}
    }

    private func etag(_ server: ServerUnderTest, _ vin: String) throws -> String {
        let head = String(decoding: try server.curl(["-I", "\(server.url)/v1/vehicles/\(vin)"]), as: UTF8.self)
        let line = head.split(whereSeparator: \.isNewline).first { $0.lowercased().hasPrefix("etag:") }
        guard let line else { throw Broken(what: "no ETag") }
        return line.dropFirst(5).trimmingCharacters(in: .whitespaces)
    }

    private func measure(
        _ name: String,
        _ url: String,
        _ headers: [String],
        _ ceiling: String,
        _ floor: String,
        _ table: inout Table
    ) throws {
        var (ours, theirs): ([Double], [Double]) = ([], [])
        for _ in 0..<runs {
            theirs.append(try wrk(ceiling, []))
            ours.append(try wrk(url, headers))
        }
        table.add(
            name,
            rounded(ours.median, 0) + "/s",
            rounded(theirs.median, 0) + "/s",
            rounded(ours.median / theirs.median),
            floor
        )
    }

    /// - Returns: requests a second.
    /// - Throws: where any request failed, by status or by connection: such a figure says nothing.
    private func wrk(_ url: String, _ headers: [String]) throws -> Double {
        let arguments = [
            "-t1", "-c\(HTTPBenchmark.connections)", "-d\(HTTPBenchmark.seconds)s",
        ]
        let output = String(
            decoding: try Program.output("/usr/bin/wrk", arguments + headers.flatMap { ["-H", $0] } + [url]),
            as: UTF8.self
        )
        let lines = output.split(separator: "\n")
        if let failed = lines.first(where: { $0.contains("Non-2xx") || $0.contains("Socket errors") }),
            !headers.contains(where: { $0.hasPrefix("If-None-Match") })
        {
            throw Broken(what: "\(url):\(failed)")
        }
        guard let line = lines.first(where: { $0.hasPrefix("Requests/sec:") }),
            let rate = Double(line.dropFirst(13).trimmingCharacters(in: .whitespaces))
        else { throw Broken(what: output) }
        return rate
    }
}
