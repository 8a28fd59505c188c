import ArgumentParser
import Core
import Cryptography
import People
import Storage

struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The keys that wrap those of personal data.",
        subcommands: [KeysList.self, KeysRotate.self]
    )
}

struct KeysList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows every wrapping key: whether it is the current one, and how many persons' keys it wraps."
    )

    @OptionGroup
    var options: SettingsOptions

    func run() async throws {
        let settings = try await options.settings()
        let store = try await Store.open(settings)
        do {
            for entry in KeyDirectory(path: settings.keyDirectory).wrapping.entries() {
                let count = try await store.database.read { try SubjectRotation.count($0, under: entry.id) }
                let answer: JSON = ["id": JSON(entry.id), "state": JSON(entry.state), "subjects": .integer(count)]
                Console.answer(String(decoding: answer.bytes, as: UTF8.self))
            }
        } catch {
            try? await store.database.close()
            throw error
        }
        try await store.database.close()
    }
}

struct KeysRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Makes a new wrapping key and wraps every person's key anew; run again, it goes on where it stopped.",
        discussion: """
            The server may run meanwhile. Several servers must share CHEXIN_KEY_DIR. A key that wraps nothing any more \
            is renamed to .retired: delete that file when the last backup from its time is gone. Back the new one up.
            """
    )

    @OptionGroup
    var options: SettingsOptions

    func run() async throws {
        let settings = try await options.settings()
        let store = try await Store.open(settings)
        do {
            let rotation = KeyRotation(
                database: store.database,
                files: KeyDirectory(path: settings.keyDirectory).wrapping
            )
            let outcome = try await rotation.run { Console.progress("keys", $0, of: $1) }
            Console.answer(String(decoding: outcome.json.bytes, as: UTF8.self))
        } catch {
            try? await store.database.close()
            throw error
        }
        try await store.database.close()
    }
}

/// A rotation from its first step to its last, or from wherever another one was broken off.
struct KeyRotation {
    static let rowsPerCommit = 500

    struct Outcome: Sendable, Hashable {
        let current: String
        let rewrapped: Int64
        let retired: [String]

        var json: JSON {
            [
                "current": JSON(current), "rewrapped": .integer(rewrapped),
                "retired": .array(retired.map(JSON.string)),
            ]
        }
    }

    let database: any Database
    let files: WrappingKeyFiles

    func run(progress: (_ done: Int64, _ total: Int64) -> Void) async throws -> Outcome {
        let before = try files.load()
        let isBrokenOff = try await old(than: before.currentID).isEmpty == false
        let current = isBrokenOff ? before.currentID : try files.makeCurrent()
        try await StoreIdentity.repin(database, wrappingKey: current)
        let rewrapped = try await rewrap(to: current, progress)
        var retired: [String] = []
        for entry in files.entries() where !entry.isRetired && entry.id != current {
            // A server that had not heard of the new key may have used this one a moment ago.
            guard try await database.read({ try SubjectRotation.count($0, under: entry.id) }) == 0 else { continue }
            try files.retire(entry.id)
            retired.append(entry.id)
        }
        return Outcome(current: current, rewrapped: rewrapped, retired: retired)
    }

    private func rewrap(to current: String, _ progress: (Int64, Int64) -> Void) async throws -> Int64 {
        let keys = try files.load()
        var total: Int64 = 0
        for id in try await old(than: current) {
            total += try await database.read { try SubjectRotation.count($0, under: id) }
        }
        var done: Int64 = 0
        for id in try await old(than: current) {
            var page = KeyRotation.rowsPerCommit
            while page == KeyRotation.rowsPerCommit {
                page = try await database.write { tx in
                    try SubjectRotation.rewrap(tx, under: id, with: keys, limit: KeyRotation.rowsPerCommit)
                }
                done += Int64(page)
                progress(done, max(total, done))
            }
        }
        return done
    }

    private func old(than current: String) async throws -> [String] {
        try await database.read { try SubjectRotation.wrappingKeyIDs($0) }.filter { $0 != current }
    }
}

extension WrappingKeyFiles.Entry {
    fileprivate var state: String {
        if isCurrent { return "current" }
        return isRetired ? "retired" : "in_use"
    }
}
