import Core
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One client alone: what an append takes beyond the fsync that makes it durable.
struct LatencyBenchmark {
    let chexin: String

    private static let appends = 400

    func run(_ table: inout Table) async throws {
        let server = try await ServerUnderTest(chexin: chexin, port: 18_433)
        let (key, url) = (server.key, server.url)
        let session = URLSession(configuration: .ephemeral)
        var (appends, syncs): ([Double], [Double]) = ([], [])
        let file = open(server.directory + "/sync", O_CREAT | O_WRONLY, 0o600)
        defer { close(file) }
        let page = [UInt8](repeating: 7, count: 8192)
        let clock = ContinuousClock()
        for step in 0..<LatencyBenchmark.appends {
            let vin = BenchmarkEvent.vin(step)
            var request = URLRequest(url: URL(string: "\(url)/v1/vehicles/\(vin)/events") ?? URL(fileURLWithPath: "/"))
            request.httpMethod = "POST"
            request.httpBody = Data(BenchmarkEvent.reading(vin: vin, step: step, named: false).bytes)
            request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization")
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
            let started = clock.now
            let (_, response) = try await session.data(for: request)
            appends.append((clock.now - started).seconds * 1000)
            guard (response as? HTTPURLResponse)?.statusCode == 201 else { throw Broken(what: "\(response)") }
            let before = clock.now
            _ = write(file, page, page.count)
            _ = fdatasync(file)
            syncs.append((clock.now - before).seconds * 1000)
        }
        table.add(
            "R7 one client alone, p50 of an append over HTTP",
            rounded(appends.median) + " ms",
            rounded(syncs.median) + " ms fsync",
            "+" + rounded(appends.median - syncs.median) + " ms",
            "≤ +2 ms"
        )
    }
}
