import ArgumentParser
import Core
import Jobs
import Storage

struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "Deadlines and work that came to nothing.",
        subcommands: [JobsList.self, JobsRetry.self]
    )
}

struct JobsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows the jobs that nobody tries any more, the newest first, and why."
    )

    @OptionGroup
    var options: SettingsOptions

    @Option(help: "How many, 1 to 1000.")
    var limit = 20

    func run() async throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit must be 1 to 1000.") }
        let store = try await Store.open(try await options.settings())
        do {
            let limit = limit
            let jobs = try await store.database.read { try Jobs.dead($0, limit: limit) }
            for job in jobs { Console.answer(String(decoding: job.json.bytes, as: UTF8.self)) }
        } catch {
            try? await store.database.close()
            throw error
        }
        try await store.database.close()
    }
}

struct JobsRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Begins a job again that nobody tries any more; the server does it."
    )

    @OptionGroup
    var options: SettingsOptions

    @Argument(help: "The job: job_…")
    var job: String

    func run() async throws {
        guard let id = JobID(job) else { throw ValidationError("\(job) is no identifier of a job.") }
        let store = try await Store.open(try await options.settings())
        do {
            let again = try await store.database.write { try Jobs.retry($0, id) }
            Console.answer(String(decoding: again.json.bytes, as: UTF8.self))
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
