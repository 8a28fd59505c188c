import Core
import Foundation

/// A program under measurement, in a directory of its own, ended with the value that started it.
final class Program {
    private let process = Process()

    init(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }

    /// Memory that it has in use now.
    var residentKiB: Int {
        let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }

    /// Runs to the end and gives standard output.
    static func output(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Broken(what: "\(path) \(arguments) failed") }
        return Array(data)
    }
}

struct Broken: Error, CustomStringConvertible {
    let what: String
    var description: String { what }
}

/// A server on a fresh store, with an administrator.
final class ServerUnderTest {
    let port: Int
    let key: String
    let program: Program
    let directory: String

    init(chexin: String, port: Int) async throws {
        self.port = port
        directory = NSTemporaryDirectory() + "chexin-benchmark-\(ProcessInfo.processInfo.processIdentifier)-\(port)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let environment = [
            "CHEXIN_DATABASE_URL": "sqlite:\(directory)/store.sqlite", "CHEXIN_HTTP_PORT": "\(port)",
            "CHEXIN_LOG_LEVEL": "error", "CHEXIN_RATE_LIMIT_SCALE": "1000",
        ]
        let administrator = try Program.output(chexin, ["admin", "bootstrap"], environment: environment)
        guard let key = try JSONParser.parse(administrator)["api_key"]?.stringValue else {
            throw Broken(what: "no administrator")
        }
        self.key = key
        program = try Program(chexin, ["serve"], environment: environment)
        try await waitUntilReady(port: port, path: "/readyz")
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Uses curl, as an operator would.
    func curl(_ arguments: [String]) throws -> [UInt8] {
        try Program.output("/usr/bin/curl", ["-s", "-H", "Authorization: Bearer \(key)"] + arguments)
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// Appends `count` readings to each of the cars, by one import.
    func load(vins: [String], events count: Int) throws {
        let file = directory + "/load.ndjson"
        var writer = JSONWriter()
        for vin in vins {
            for step in 1...count {
                writer.write(BenchmarkEvent.reading(vin: vin, step: step, named: true))
                writer.raw("\n")
            }
        }
        try Data(writer.bytes).write(to: URL(fileURLWithPath: file))
        let answer = try curl([
            "-H", "Content-Type: application/x-ndjson", "--data-binary", "@\(file)", "\(url)/v1/events/import",
        ])
        guard String(decoding: answer.suffix(300), as: UTF8.self).contains("\"complete\":true") else {
            throw Broken(what: String(decoding: answer.suffix(600), as: UTF8.self))
        }
    }
}

func waitUntilReady(port: Int, path: String) async throws {
    for _ in 0..<200 {
        if (try? Program.output("/usr/bin/curl", ["-sf", "http://127.0.0.1:\(port)\(path)"])) != nil { return }
        try await Task.sleep(for: .milliseconds(50))
    }
    throw Broken(what: "nothing answers on port \(port)")
}

enum BenchmarkEvent {
    /// - Parameter named: whether the VIN is a member, as in an import.
    static func reading(vin: String, step: Int, named: Bool) -> JSON {
        let members: [JSON.Member] = [
            .init("kind", "maintenance.done"), .init("occurred_at", "2025-01-01T08:00:00.000Z"),
            .init("ref", JSON("\(vin)-\(step)")),
            .init(
                "data",
                [
                    "odometer_km": JSON(step % 400 * 5000), "items": ["更换机油", "更换机滤", "检查制动系统"],
                    "cost": ["amount": 68_000, "currency": "CNY"],
                ]
            ),
        ]
        return .object(named ? [.init("vin", JSON(vin))] + members : members)
    }

    /// A valid VIN for each number up to 9,999,999.
    static func vin(_ number: Int) -> String {
        let serial = String(10_000_000 + number).dropFirst()
        let open = "LFV2A21K0" + "G" + serial
        for digit in "0123456789X" {
            let text = open.prefix(8) + String(digit) + open.dropFirst(9)
            if (try? VIN(parsing: String(text))) != nil { return String(text) }
        }
        return open
    }
}

extension Program {
    /// What this process itself has in use now.
    static var ownResidentBytes: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) << 10
    }
}
