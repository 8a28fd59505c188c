import ArgumentParser
import Core
import Identity
import Storage

struct Admin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What the operator does on the machine itself.",
        subcommands: [AdminBootstrap.self]
    )
}

struct AdminBootstrap: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bootstrap",
        abstract: "Makes the platform's organisation and the first administrator's key, shown once."
    )

    @OptionGroup
    var options: SettingsOptions

    @Flag(help: "There is an administrator already; make another key, for one that was lost.")
    var anotherKey = false

    func run() async throws {
        let store = try await Store.open(try await options.settings())
        do {
            let administrator = try await Bootstrap.firstAdministrator(
                store.database,
                pepper: store.material.pepper,
                issueAnotherKey: anotherKey
            )
            let answer: JSON = [
                "organization": JSON(administrator.organization), "api_key": JSON(administrator.key.secret),
            ]
            Console.answer(String(decoding: answer.bytes, as: UTF8.self))
        } catch let failure as Failure {
            try await store.database.close()
            throw Refused(message: failure.detail.en)
        }
        try await store.database.close()
    }
}
