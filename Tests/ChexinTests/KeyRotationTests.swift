import Core
import Cryptography
import Foundation
import People
import Storage
import Support
import Testing

@testable import chexin

/// The keys that wrap personal data, as files beside a store.
@Suite struct KeyRotationTests {
    private func settings(_ directory: TemporaryDirectory) async throws -> Settings {
        let url = "sqlite:\(directory.path("store.sqlite"))"
        return try await Settings.read(flags: [:], file: nil, environment: ["CHEXIN_DATABASE_URL": url])
    }

    private func files(_ directory: TemporaryDirectory) -> WrappingKeyFiles {
        KeyDirectory(path: directory.path("store.sqlite.keys")).wrapping
    }

    private func withStore<Result>(
        _ directory: TemporaryDirectory,
        _ body: (Store) async throws -> Result
    ) async throws -> Result {
        let store = try await Store.open(try await settings(directory))
        let result = try await body(store)
        try await store.database.close()
        return result
    }

    private func refusal(_ directory: TemporaryDirectory) async -> String {
        do {
            try await withStore(directory) { _ in }
            return ""
        } catch {
            return "\(error)"
        }
    }

    private func person(_ store: Store, _ name: String = "张伟") async throws -> SubjectID {
        let vault = store.vault
        return try await store.database.write { try vault.create($0, [.name: name]) }
    }

    private func name(_ store: Store, _ id: SubjectID) async throws -> String? {
        let vault = store.vault
        return try await store.database.write { try vault.use($0, id, .name) }
    }

    @Test func `the first start makes a key, readable by the owner alone, and later ones keep it`() async throws {
        let directory = try TemporaryDirectory()
        let id = try await withStore(directory) { try await person($0) }
        let entry = try #require(files(directory).entries().first)
        #expect(files(directory).entries() == [.init(id: entry.id, isRetired: false, isCurrent: true)])
        let attributes = try FileManager.default.attributesOfItem(atPath: files(directory).path(of: entry.id))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let stored = try await withStore(directory) { try await name($0, id) }
        #expect(stored == "张伟")
        #expect(files(directory).entries() == [entry])
    }

    @Test func `a key that is missing, short, open to others or not named stops the start`() async throws {
        let directory = try TemporaryDirectory()
        _ = try await withStore(directory) { try await person($0) }
        let entry = try #require(files(directory).entries().first)
        let path = files(directory).path(of: entry.id)
        let manager = FileManager.default
        try manager.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        #expect(await refusal(directory).contains("0600"))
        try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let key = try #require(manager.contents(atPath: path))
        try key.prefix(31).write(to: URL(filePath: path))
        #expect(await refusal(directory).contains("32 bytes"))
        try key.write(to: URL(filePath: path))
        let current = directory.path("store.sqlite.keys/wrapping.current")
        let named = try #require(manager.contents(atPath: current))
        try Data("another".utf8).write(to: URL(filePath: current))
        #expect(await refusal(directory).contains("wrapping.current"))
        try named.write(to: URL(filePath: current))
        try manager.moveItem(atPath: path, toPath: path + ".away")
        #expect(await refusal(directory).contains("missing, and personal data is sealed with it"))
        #expect(files(directory).entries().isEmpty)
        try manager.moveItem(atPath: path + ".away", toPath: path)
        #expect(await refusal(directory) == "")
    }

    @Test func `a rotation wraps everything anew while the server runs, and retires the old key`() async throws {
        let directory = try TemporaryDirectory()
        try await withStore(directory) { running in
            let id = try await person(running)
            let old = try #require(files(directory).entries().first)
            let rotation = KeyRotation(database: running.database, files: files(directory))
            let outcome = try await rotation.run { _, _ in }
            #expect(outcome.rewrapped == 1)
            #expect(outcome.retired == [old.id])
            #expect(outcome.current != old.id)
            let expected: Set<WrappingKeyFiles.Entry> = [
                .init(id: outcome.current, isRetired: false, isCurrent: true),
                .init(id: old.id, isRetired: true, isCurrent: false),
            ]
            #expect(Set(files(directory).entries()) == expected)
            #expect(try await name(running, id) == "张伟")
        }
        // Nothing needs the retired key any more.
        let retired = try #require(files(directory).entries().first { $0.isRetired })
        try FileManager.default.removeItem(atPath: directory.path("store.sqlite.keys/wrapping-\(retired.id).retired"))
        #expect(await refusal(directory) == "")
    }

    @Test func `a rotation that was broken off goes on with its own key`() async throws {
        let directory = try TemporaryDirectory()
        let id = try await withStore(directory) { try await person($0) }
        let old = try #require(files(directory).entries().first)
        let begun = try files(directory).makeCurrent()
        try await withStore(directory) { store in
            let second = try await person(store, "李娜")
            let outcome = try await KeyRotation(database: store.database, files: files(directory)).run { done, total in
                #expect(done == 1 && total == 1)
            }
            #expect(outcome == .init(current: begun, rewrapped: 1, retired: [old.id]))
            #expect(try await name(store, id) == "张伟")
            #expect(try await name(store, second) == "李娜")
        }
    }

    /// A server that was started before the rotation may wrap with the old key until it hears of the new one.
    @Test func `what was wrapped by a retired key opens, and the next rotation takes it along`() async throws {
        let directory = try TemporaryDirectory()
        try await withStore(directory) { late in
            let rotation = KeyRotation(database: late.database, files: files(directory))
            let first = try await rotation.run { _, _ in }
            let id = try await person(late)
            #expect(try await late.database.read { try SubjectRotation.count($0, under: first.retired[0]) } == 1)
            let stored = try await withStore(directory) { try await name($0, id) }
            #expect(stored == "张伟")
            let second = try await rotation.run { _, _ in }
            #expect(second == .init(current: first.current, rewrapped: 1, retired: []))
            #expect(try await name(late, id) == "张伟")
        }
    }
}
