import ArgumentParser

/// What is asked for goes to standard output, the rest to standard error. Exit 0: fine; 1: the answer is no; 2: misuse.
@main
struct Chexin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chexin",
        abstract: "车信 Chexin: the trust layer for used cars.",
        subcommands: [
            Serve.self, Migrate.self, MigrateStore.self, Admin.self, Keys.self, OutboxCommand.self, LedgerCommand.self,
            LogCommand.self, WitnessCommand.self, AuditCommand.self,
            PricingCommand.self, JobsCommand.self, BookCommand.self, Demo.self,
        ]
    )

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let refusal as Refused {
            Console.note(refusal.message)
            exit(withError: ExitCode(1))
        } catch let misuse as SettingsError {
            Console.note(misuse.description)
            exit(withError: ExitCode(2))
        } catch {
            // The parser's own errors leave with its text; misuse is 2 for every command.
            let code = exitCode(for: error)
            guard code != .success, error is CleanExit == false else { exit(withError: error) }
            Console.note(fullMessage(for: error))
            exit(withError: code == .validationFailure ? ExitCode(2) : ExitCode(1))
        }
    }
}

/// The answer is no: the command did what it was asked and found something wrong, or was right to refuse.
struct Refused: Error {
    let message: String
}
