import Core
import Foundation
import History
import Ledger
import Storage
import Support
import Testing
import TransparencyLog

/// A client that nobody here wrote the checks of: Go's own `note` and `tlog`, on what the server gives out.
@Suite struct GoClientTests {
    private static let go = "/usr/bin/go"
    private static let modules = "/usr/share/gocode"
    static let isInstalled =
        FileManager.default.isExecutableFile(atPath: go)
        && FileManager.default.fileExists(atPath: modules + "/src/golang.org/x/mod/sumdb/tlog")

    private static let source = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Deploy/examples/log_client/main.go").path

    private static func build(in directory: TemporaryDirectory) async throws -> String {
        let program = directory.path("log_client")
        // Without a cache of its own it wants a home.
        let settings = ["GO111MODULE=off", "GOPATH=\(modules)", "GOCACHE=\(directory.path("cache"))", "GOFLAGS="]
        try await Command.run("/usr/bin/env", settings + [go, "build", "-o", program, source])
        return program
    }

    /// Adds entries about three cars.
    private func grow(_ house: House, from first: Int, count: Int) async throws {
        let histories = Histories(log: House.origin, transparency: house.log)
        let cars = try [House.vin, House.otherVIN, "LSVDEM331MD000021"].map { try VIN(parsing: $0) }
        try await house.store.database.write { tx in
            for number in first..<first + count {
                let event: JSON = [
                    "kind": "odometer.read", "occurred_at": "2026-02-01T00:00:00.000Z", "ref": JSON("go-\(number)"),
                    "data": ["odometer_km": JSON(number)],
                ]
                _ = try histories.report(tx, event, on: cars[number % cars.count])
            }
        }
        try await house.log.catchUp()
    }

    @Test(.enabled(if: isInstalled), .timeLimit(.minutes(5)))
    func `Go's own checks accept every leaf, every checkpoint and the witness`() async throws {
        let directory = try TemporaryDirectory()
        let witness = try await WitnessHouse.open(origin: House.origin)
        let house = try await House.open(witnesses: witness.policy)
        let program = try await Self.build(in: directory)
        let url = "http://127.0.0.1:\(house.server.port)"
        let arguments = [url, directory.path("state"), house.log.keys.verifierKeys[0].text, witness.key.text]
        var total = 0
        // Within the first tile, at its end, beyond it, and several tiles on.
        for (run, size) in [1, 200, 256, 257, 600].enumerated() {
            try await grow(house, from: total, count: size - total)
            total = size
            _ = try await witness.round(of: house).run()
            let printed = try await Command.run(program, arguments)
            #expect(printed.contains("size \(size), leaves proven \(size)"), "\(printed)")
            #expect(printed.contains("earlier checkpoints extended \(run), signatures 2"), "\(printed)")
        }
        // It can say no.
        let forked = "200 \(Base64Root.ofNothing)\n"
        try directory.write(forked, to: "state")
        await #expect(throws: (any Error).self) { try await Command.run(program, arguments) }
    }
}

private enum Base64Root {
    static let ofNothing = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
}
