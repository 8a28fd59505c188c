import ArgumentParser
import Core
import Cryptography
import Ledger
import Storage
import TransparencyLog

struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "The transparency log.",
        subcommands: [LogKeysCommand.self, LogRotate.self]
    )
}

struct LogKeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Prints the log's public keys: what buyers, auditors and witnesses verify with."
    )

    @OptionGroup
    var options: SettingsOptions

    func run() async throws {
        let store = try await Store.open(try await options.settings())
        Console.answer(String(decoding: store.logKeys.json.bytes, as: UTF8.self))
        try await store.database.close()
    }
}

struct LogRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Makes a new key that signs beside the old one from the server's next start on.",
        discussion: """
            Give the new key to everybody who verifies; then remove log.old.key from CHEXIN_KEY_DIR and start the \
            server again. Whoever holds an older proof goes on to need the old public key. Several servers must share \
            CHEXIN_KEY_DIR. Back the new key up.
            """
    )

    @OptionGroup
    var options: SettingsOptions

    func run() async throws {
        let settings = try await options.settings()
        let store = try await Store.open(settings)
        try await store.database.close()
        let files = KeyDirectory(path: settings.keyDirectory).log
        try files.rotate()
        let keys = try files.load(origin: settings.logOrigin, isNewLog: false)
        Console.answer(String(decoding: keys.json.bytes, as: UTF8.self))
    }
}

extension LogKeys {
    /// What `chexin-verify` and `chexin audit` take for a file of keys.
    var json: JSON {
        var members: [JSON.Member] = [
            .init("origin", JSON(origin)), .init("checkpoint_key", .optional(verifierKeys.first) { JSON($0.text) }),
            .init("vehicles_key", .optional(indexVerifierKeys.first) { JSON($0.text) }),
        ]
        if verifierKeys.count > 1 {
            members.append(.init("former_checkpoint_key", JSON(verifierKeys[1].text)))
            members.append(.init("former_vehicles_key", JSON(indexVerifierKeys[1].text)))
        }
        members.append(.init("vrf_public_key", JSON(vehicles.publicKey.bytes.hex)))
        return .object(members)
    }
}
