import ArgumentParser
import Core
import Identity
import People
import Storage

struct OutboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox",
        abstract: "Messages to persons that nobody has delivered yet.",
        subcommands: [OutboxList.self, OutboxShow.self]
    )
}

struct OutboxList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows the messages, the newest first, without what they say; the recipient is masked."
    )

    @OptionGroup
    var options: SettingsOptions

    @Option(help: "How many, 1 to 1000.")
    var limit = 20

    func run() async throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit must be 1 to 1000.") }
        let store = try await Store.open(try await options.settings())
        do {
            let (vault, limit) = (store.vault, limit)
            let messages = try await store.database.read { try Outbox.page($0, vault, limit: limit) }
            for message in messages { Console.answer(String(decoding: message.bytes, as: UTF8.self)) }
        } catch {
            try? await store.database.close()
            throw error
        }
        try await store.database.close()
    }
}

struct OutboxShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows what one message says and to whom, and notes that it is delivered; the person's log says so."
    )

    @OptionGroup
    var options: SettingsOptions

    @Argument(help: "The message: msg_…")
    var message: String

    func run() async throws {
        guard let id = MessageID(message) else { throw ValidationError("\(message) is no identifier of a message.") }
        let store = try await Store.open(try await options.settings())
        do {
            let vault = store.vault
            let shown = try await store.database.write { tx in
                try Outbox.reveal(tx, vault, id, for: .delivery, by: .system)
            }
            Console.answer(String(decoding: shown.bytes, as: UTF8.self))
        } catch let failure as Failure {
            try? await store.database.close()
            throw Refused(message: failure.detail.en)
        } catch {
            try? await store.database.close()
            throw error
        }
        try await store.database.close()
    }
}
