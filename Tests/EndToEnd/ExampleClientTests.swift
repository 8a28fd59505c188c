import Core
import Foundation
import Support
import Testing

/// The client that newcomers start from, run as they run it.
@Suite struct ExampleClientTests {
    private static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let script = root.appending(path: "Deploy/examples/dealer_day.py").path

    private func run(_ house: House, _ administrator: String) async throws -> [Substring] {
        let output = try await Command.run(
            "/usr/bin/env",
            [
                "PYTHONIOENCODING=utf-8", "python3", Self.script, "--url", "http://127.0.0.1:\(house.server.port)",
                "--administrator", administrator,
            ]
        )
        return output.split(separator: "\n")
    }

    /// It is run on a server that has the demonstration's fleet already.
    @Test func `its organisations are none of the demonstration's`() throws {
        let text = try String(contentsOfFile: Self.script, encoding: .utf8)
        let codes = text.matches(of: /"(91[0-9A-Z]{16})"/).map { String($0.output.1) }
        #expect(codes.count == 2)
        let fleet = Self.root.appending(path: "Sources/Demonstration/Organizations.swift")
        let taken = try String(contentsOf: fleet, encoding: .utf8)
        for code in codes {
            #expect(!taken.contains(code), "\(code)")
            #expect((try? USCC(parsing: code)) != nil, "\(code)")
        }
    }

    @Test func `a dealer's day goes from keys to a verified history, and a second one changes nothing`() async throws {
        let house = try await House.open()
        let directory = try TemporaryDirectory()
        let administrator = directory.path("administrator.json")
        let document: JSON = ["organization": JSON(try await house.platformID()), "api_key": JSON(house.administrator)]
        try Data(document.bytes).write(to: URL(filePath: administrator))
        let first = try await run(house, administrator)
        #expect(first.count { $0.hasPrefix("line ") && $0.contains("\"created\"") } == 4)
        let refused = first.filter { $0.hasPrefix("refused ") }
        #expect(refused.contains { $0.contains("/title") && $0.contains("无事故") })
        for pointer in ["/odometer_km", "/disclosures/accident", "/disclosures/taxes_owed"] {
            #expect(refused.contains { $0.contains(pointer) }, "\(pointer)")
        }
        #expect(first.last == "verified 3 entries: genuine")
        let second = try await run(house, administrator)
        #expect(second.last == first.last)
        #expect(second.filter { $0.hasPrefix("published ") } == first.filter { $0.hasPrefix("published ") })
        #expect(second.count { $0.hasPrefix("refused ") } == 0)
    }
}
