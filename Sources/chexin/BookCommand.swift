import Accounts
import ArgumentParser
import Core
import Storage

struct BookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "book",
        abstract: "The double-entry book.",
        subcommands: [BookVerify.self, BookBalance.self]
    )
}

struct BookVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Counts the whole book again from its postings, and tells what does not add up."
    )

    @OptionGroup
    var options: SettingsOptions

    func run() async throws {
        let store = try await Store.open(try await options.settings())
        do {
            let verdict = try await store.database.read { try Book.verify($0) }
            Console.answer(
                "\(verdict.journalCount) journals, \(verdict.postingCount) postings, \(verdict.accountCount) accounts"
            )
            for finding in verdict.findings { Console.answer(finding) }
            guard verdict.isWhole else { throw Refused(message: "The book does not add up.") }
        } catch {
            try? await store.database.close()
            throw error
        }
        try await store.database.close()
    }
}

struct BookBalance: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "balance",
        abstract: "Shows the trial balance of a day in China."
    )

    @OptionGroup
    var options: SettingsOptions

    @Argument(help: "The day, such as 2026-03-01.")
    var day: String

    func run() async throws {
        guard let day = CalendarDate(day) else { throw ValidationError("\(day) is no day.") }
        let store = try await Store.open(try await options.settings())
        do {
            let lines = try await store.database.read { try Book.trialBalance($0, on: day) }
            for line in lines { Console.answer(String(decoding: line.json.bytes, as: UTF8.self)) }
        } catch {
            try? await store.database.close()
            throw error
        }
        try await store.database.close()
    }
}
