import ArgumentParser
import Core
import Cryptography
import Ledger
import Logging
import ServiceLifecycle
import UnixSignals
import Web

struct WitnessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "Runs a witness: it signs a log's checkpoints as long as each extends the one before.",
        discussion: """
            For a partner, an insurer or an association, on a machine of its own. The first start makes its key in \
            --dir; the public key, for the policy of whoever relies on it, is printed at every start. The directory \
            remembers what was signed: never bring it back from an older copy.
            """
    )

    @Option(help: "Name of the witness, such as witness.example.com/one.")
    var name: String

    @Option(help: ArgumentHelp("Public key of a log that it signs for; may be given several times.", valueName: "key"))
    var log: [String]

    @Option(help: "Where its key is, and what it has signed.")
    var dir: String

    @Option(help: "Address to listen on.")
    var httpHost = Settings.defaultHTTPHost

    @Option(help: "Port to listen on; 0 takes a free one.")
    var httpPort = 8090

    func run() async throws {
        let logs = log.compactMap { VerifierKey(parsing: $0) }.filter { $0.algorithm == .ed25519 }
        guard !logs.isEmpty, logs.count == log.count else {
            throw ValidationError("--log must be the public key of a log, as chexin log keys prints it.")
        }
        guard (0...65_535).contains(httpPort) else { throw ValidationError("--http-port must be 0 to 65535.") }
        let signer = try WitnessCommand.signer(name: name, directory: dir)
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: .info) }
        let logger = Logger(label: "witness")
        var settings = HTTPServerSettings()
        settings.host = httpHost
        settings.port = httpPort
        let book = WitnessBook(directory: dir, signer: signer, logs: logs)
        let server = try WebServer(
            settings: settings,
            parts: WebParts(
                authenticator: NoCredentials(),
                refusals: NoCredentials(),
                secret: .random(count: SecretBytes.frameByteCount)
            ),
            endpoints: WitnessService(book: book, clock: SystemClock()).endpoints,
            logger: logger,
            onRunning: { port in logger.notice("witness is ready", metadata: ["port": "\(port)"]) }
        )
        Console.answer(signer.verifierKey.text)
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: server)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
    }

    static func signer(name: String, directory: String) throws -> NoteSigner {
        let file = SecretFile(path: directory + "/witness.key")
        if !file.exists { try file.write(SecureRandom.bytes(Ed25519.seedByteCount)) }
        let key = try Ed25519.PrivateKey(seed: SecretBytes(try file.bytes(count: Ed25519.seedByteCount)))
        guard let signer = NoteSigner(name: name, algorithm: .cosignature, key: key) else {
            throw ValidationError("--name must be something without white space and plus signs.")
        }
        return signer
    }
}

extension SecretBytes {
    fileprivate static let frameByteCount = 32
}
