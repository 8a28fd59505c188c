import Core
import Cryptography
import Foundation
import Testing

@testable import Ledger

/// The program that a buyer runs, as a process of its own.
@Suite struct VerifierProcessTests {
    private struct Outcome {
        let status: Int32
        let output: String
        let complaint: String
    }

    private static let bundle = try! TestLog.with(TestLog.chain).bundle(TestLog.chain.stored)

    /// A folder of the test's own with `bundle.json` and `keys`.
    private final class Folder: Sendable {
        let path: String

        init(bundle: [UInt8] = VerifierProcessTests.bundle.bytes, keys: String = TestLog.keysText) throws {
            path = NSTemporaryDirectory() + "chexin-verify-\(UInt64.random(in: 0 ... .max))"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Data(bundle).write(to: URL(fileURLWithPath: path + "/bundle.json"))
            try Data(keys.utf8).write(to: URL(fileURLWithPath: path + "/keys"))
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    /// The products of the same build lie beside the bundle of tests.
    private static var binary: URL {
        let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? CommandLine.arguments[0]
        let path = bundle.prefix(through: bundle.range(of: ".xctest")?.lowerBound ?? bundle.startIndex)
        return URL(fileURLWithPath: String(path)).deletingLastPathComponent().appendingPathComponent("chexin-verify")
    }

    private func run(_ arguments: [String], in folder: Folder) async throws -> Outcome {
        let process = Process()
        process.executableURL = VerifierProcessTests.binary
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        let files = ["output", "complaint"].map { "\(folder.path)/\($0)" }
        for file in files { _ = FileManager.default.createFile(atPath: file, contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: files[0]))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: files[1]))
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        let texts = files.map { String(decoding: FileManager.default.contents(atPath: $0) ?? Data(), as: UTF8.self) }
        return Outcome(status: status, output: texts[0], complaint: texts[1])
    }

    @Test func `an honest bundle ends with 0 and a line for each check`() async throws {
        let folder = try Folder()
        let outcome = try await run(["bundle.json", "--keys", "keys"], in: folder)
        #expect(outcome.status == 0)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 1 + ChainCheck.allCases.count + 8 + 1)
        #expect(lines.dropLast().allSatisfy { $0.hasPrefix("✓ ") })
        #expect(lines.last == "真实、未改动且完整")
        let english = try await run(["--lang", "en", "--keys", "keys", "bundle.json"], in: folder)
        #expect(english.output.hasSuffix("Genuine, unchanged and complete\n"))
    }

    @Test func `JSON has the verdicts`() async throws {
        let outcome = try await run(["bundle.json", "--keys", "keys", "--json"], in: Folder())
        let json = try JSONParser.parse(Array(outcome.output.utf8))
        #expect(outcome.status == 0)
        #expect(json["genuine"] == .bool(true))
        #expect(json["verdicts"]?.arrayValue?.last?["check"]?.stringValue == "completeness")
    }

    @Test func `an altered bundle ends with 1 and names the check`() async throws {
        var altered = VerifierProcessTests.bundle
        altered.entries.removeLast()
        let outcome = try await run(["bundle.json", "--keys", "keys"], in: Folder(bundle: altered.bytes))
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("✗ completeness"))
    }

    @Test func `controls in a hostile bundle do not reach the terminal`() async throws {
        var hostile = VerifierProcessTests.bundle
        hostile.sourceKeys = [
            SourceKey(source: "\u{1B}[2J\u{9B}31m", key: TestChain.keyID, publicKey: TestChain.key.publicKey)
        ]
        let outcome = try await run(["bundle.json", "--keys", "keys"], in: Folder(bundle: hostile.bytes))
        #expect(outcome.status == 1)
        #expect(!outcome.output.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{9B}" })
    }

    @Test(
        arguments: [
            [], ["bundle.json"], ["--keys", "keys"], ["bundle.json", "--keys"], ["bundle.json", "--keys", "keys", "x"],
            ["bundle.json", "--keys", "keys", "--lang"], ["bundle.json", "--keys", "keys", "--lang", "fr"],
            ["bundle.json", "--keys", "keys", "--what"],
        ]
    )
    func `a command that is not understood ends with 2`(arguments: [String]) async throws {
        let outcome = try await run(arguments, in: Folder())
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.complaint.contains("Usage: chexin-verify"))
    }

    @Test func `help ends with 0`() async throws {
        let outcome = try await run(["--help"], in: Folder())
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("Exit status"))
    }

    @Test func `a file that is no bundle ends with 1 and says so`() async throws {
        let cut = Array(VerifierProcessTests.bundle.bytes.dropLast(9))
        let outcome = try await run(["bundle.json", "--keys", "keys", "--lang", "en"], in: Folder(bundle: cut))
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("cut short"))
        #expect(try await run(["keys", "--keys", "keys"], in: Folder()).status == 1)
    }

    @Test(arguments: [["missing", "--keys", "keys"], [".", "--keys", "keys"], ["bundle.json", "--keys", "missing"]])
    func `a file that cannot be read ends with 2 and is named`(arguments: [String]) async throws {
        let outcome = try await run(arguments, in: Folder())
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.complaint.contains(arguments.contains("missing") ? "missing" : "."))
    }

    @Test func `keys that cannot be understood end with 2 and name the line`() async throws {
        let outcome = try await run(["bundle.json", "--keys", "keys"], in: Folder(keys: "log nonsense\n"))
        #expect(outcome.status == 2)
        #expect(outcome.complaint.hasPrefix("keys:1："))
    }
}
