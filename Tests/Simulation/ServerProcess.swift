import Core
import Foundation
import Support

/// The real program as a process of its own, that can be killed as the kernel or a power cut would.
final class ServerProcess: @unchecked Sendable {
    // `Process` is no Sendable; only the test that started it touches it, one call at a time.
    private let process = Process()
    let port: Int

    /// The binary that the tests were built with, or the one that the environment names.
    static var binary: String {
        if let path = ProcessInfo.processInfo.environment["CHEXIN_TEST_BINARY"] { return path }
        // The test runner is told which bundle to run; the products of the same build lie beside it.
        let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? CommandLine.arguments[0]
        let path = bundle.prefix(through: bundle.range(of: ".xctest")?.lowerBound ?? bundle.startIndex)
        let built = URL(fileURLWithPath: String(path)).deletingLastPathComponent().appendingPathComponent("chexin").path
        if FileManager.default.isExecutableFile(atPath: built) { return built }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
        return root.appendingPathComponent(".build/debug/chexin").standardized.path
    }

    init(directory: TemporaryDirectory, port: Int, arguments: [String] = []) throws {
        self.port = port
        process.executableURL = URL(fileURLWithPath: ServerProcess.binary)
        process.arguments = ["serve", "--http-port", "\(port)", "--log-level", "error"] + arguments
        process.environment = ServerProcess.environment(directory)
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
    }

    static func environment(_ directory: TemporaryDirectory) -> [String: String] {
        ["CHEXIN_DATABASE_URL": "sqlite:\(directory.path("store.sqlite"))", "CHEXIN_LOG_ORIGIN": "simulation/chexin"]
    }

    /// Runs a command to its end and gives what it printed, and what it complained of.
    static func run(_ arguments: [String], _ directory: TemporaryDirectory) async throws -> (
        status: Int32, output: [UInt8], complaint: String
    ) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: binary)
        process.arguments = arguments
        process.environment = environment(directory)
        let output = directory.path("output-\(UInt64.random(in: 0 ... .max))")
        let complaint = output + ".complaint"
        for path in [output, complaint] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: complaint))
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        let files = [output, complaint].map { FileManager.default.contents(atPath: $0) ?? Data() }
        return (status, Array(files[0]), String(decoding: files[1], as: UTF8.self))
    }

    /// On a machine that is busy with other tests a start takes many seconds.
    private static let patienceSeconds = 120

    /// - Throws: where it is not ready within two minutes, or has ended.
    func waitUntilReady() async throws {
        let end = ContinuousClock.now + .seconds(ServerProcess.patienceSeconds)
        while process.isRunning, .now < end {
            let answer = try? await HTTPClient(port: port).send("GET", "/readyz")
            if answer?.status == 200 { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw NotReady()
    }

    struct NotReady: Error {}

    var processIdentifier: Int32 { process.processIdentifier }

    func kill() async {
        await end(SIGKILL)
    }

    /// Stops it in the middle of whatever it does, as a virtual machine is stopped; what it holds it goes on holding.
    func pause() {
        Foundation.kill(process.processIdentifier, SIGSTOP)
    }

    func resume() {
        Foundation.kill(process.processIdentifier, SIGCONT)
    }

    /// SIGTERM, as an operator stops it.
    /// - Returns: the exit status.
    func stop() async -> Int32 {
        await end(SIGTERM)
    }

    @discardableResult
    private func end(_ signal: Int32) async -> Int32 {
        await withCheckedContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            if process.isRunning {
                Foundation.kill(process.processIdentifier, signal)
            }
        }
    }
}
