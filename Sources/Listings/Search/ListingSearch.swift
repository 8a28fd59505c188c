import Core
package import Logging
package import ServiceLifecycle
package import Storage
import Synchronization
import Web

/// The search of one instance: an index in memory that follows the store.
///
/// It is filled when the instance starts, and says so until it is: a part of the listings would be wrong counts, and
/// pages that a cursor cannot go on from. From then on it reads what others have changed, every `interval`, and at once
/// where this instance changes something. Every so often it also looks through the listings as they are stored, some
/// each time, and puts right what differs: whatever went wrong does not stay wrong.
package final class ListingSearch: Sendable {
    /// How long an instance may not know of another's change.
    package static let interval = Duration.milliseconds(500)
    static let loadedPerPage = 500
    static let changesPerPage = 200
    /// At a look every `interval`, a million listings are looked through in about a quarter of an hour.
    static let checkedPerLook = 600

    private let database: any Database
    private let logger: Logger
    private let index = SharedLock(ListingIndex())
    private let loaded = Atomic<Bool>(false)
    private let position = Mutex(Position())
    private let turns = Turns()

    private struct Position {
        /// By strand of the feed.
        var seqs: [Int64: Int64] = [:]
        /// The last listing that was compared with its row.
        var checked = ""
    }

    package init(database: any Database, logger: Logger) {
        self.database = database
        self.logger = logger
    }

    package var isReady: Bool { loaded.load(ordering: .acquiring) }

    /// How many listings can be found.
    package var count: Int { index.read { $0.count } }

    /// Reads what has changed up to now. What fails is logged, and made up for the next time.
    package func catchUp() async {
        await turns.run { await self.follow() }
    }

    /// The same, and a part of what is stored is compared with the index.
    func look() async {
        await turns.run {
            await self.follow()
            await self.check()
        }
    }

    /// - Throws: `searchWarming` until everything has been read once.
    func search(_ query: SearchQuery) async throws -> SearchResult {
        guard isReady else { throw Failure(.searchWarming, retryAfterSeconds: 1) }
        // Milliseconds of work, which the connections of an event loop must not wait for.
        return await withTaskExecutorPreference(globalConcurrentExecutor) {
            index.read { $0.search(query) }
        }
    }

    /// Follows until it is told to stop.
    package var service: some Service { Follower(search: self) }

    private struct Follower: Service {
        let search: ListingSearch

        func run() async throws {
            try? await cancelWhenGracefulShutdown {
                while true {
                    await search.look()
                    try await Task.sleep(for: ListingSearch.interval)
                }
            }
        }
    }

    // MARK: Following

    private func follow() async {
        do {
            if !isReady { try await load() }
            try await readFeed()
        } catch is CancellationError {
            return
        } catch {
            logger.warning("search does not keep up", metadata: ["error": "\(error)"])
        }
    }

    /// From an empty index: what an attempt that failed has left may be gone from the market since.
    private func load() async throws {
        let began = ContinuousClock.now
        index.write { $0 = ListingIndex() }
        // Before the first listing is read: what changes from here on is read again.
        let heads = try await database.read { try ListingFeed.heads($0) }
        var last = ""
        while true {
            let (start, limit) = (last, ListingSearch.loadedPerPage)
            let page = try await database.read { try SearchSource.page($0, after: start, limit: limit) }
            let entries = page.compactMap(entry)
            index.write { index in for entry in entries { index.put(entry) } }
            guard page.count == limit, let next = page.last?.id else { break }
            last = next
        }
        position.withLock { $0.seqs = heads }
        loaded.store(true, ordering: .releasing)
        logger.info(
            "search is ready",
            metadata: ["listings": "\(count)", "took": "\(ContinuousClock.now - began)"]
        )
    }

    private func readFeed() async throws {
        let heads = try await database.read { try ListingFeed.heads($0) }
        for (strand, head) in heads {
            let seq = position.withLock { $0.seqs[strand] ?? 0 }
            // Numbers never go back, unless the store was replaced by an older one: then everything is read again.
            guard head >= seq else {
                loaded.store(false, ordering: .releasing)
                return try await load()
            }
            if head > seq { try await read(strand, after: seq) }
        }
    }

    private func read(_ strand: Int64, after start: Int64) async throws {
        var seq = start
        while true {
            let (after, limit) = (seq, ListingSearch.changesPerPage)
            let (changes, rows) = try await database.read { tx in
                let changes = try ListingFeed.changes(tx, strand: strand, after: after, limit: limit)
                return (changes.map(\.seq), try SearchSource.rows(tx, ids: changes.map(\.listing)))
            }
            rows.forEach(apply)
            guard let last = changes.last else { return }
            seq = last
            position.withLock { $0.seqs[strand] = last }
            if changes.count < limit { return }
        }
    }

    private func apply(_ row: SearchSource.Row) {
        if row.isLive {
            if let entry = entry(row) { index.write { $0.put(entry) } }
        } else if let id = ListingID(row.id) {
            index.write { $0.remove(id.number) }
        }
    }

    private func entry(_ row: SearchSource.Row) -> SearchEntry? {
        guard let listing = row.listing else {
            logger.error("a listing cannot be read, so nobody finds it", metadata: ["listing": "\(row.id)"])
            return nil
        }
        return SearchEntry(listing)
    }

    // MARK: Checking

    /// Compares some listings with what the index holds of them. Never while changes are read: what was read before one
    /// would be put in behind it.
    private func check() async {
        guard isReady else { return }
        let start = position.withLock { $0.checked }
        do {
            let stored = try await database.read { tx in
                try SearchSource.states(tx, after: start, limit: ListingSearch.checkedPerLook)
            }
            let different = index.read { index in stored.filter { !index.agrees(with: $0) } }
            if !different.isEmpty {
                let ids = different.map(\.id)
                try await database.read { try SearchSource.rows($0, ids: ids) }.forEach(apply)
            }
            let isEnd = stored.count < ListingSearch.checkedPerLook
            position.withLock { $0.checked = isEnd ? "" : stored.last?.id ?? "" }
        } catch {
            logger.warning("search cannot be compared with the store", metadata: ["error": "\(error)"])
        }
    }
}

extension ListingIndex {
    fileprivate func agrees(with state: SearchSource.State) -> Bool {
        guard let id = ListingID(state.id) else { return true }
        return version(of: id) == (state.isLive ? state.version : nil)
    }
}
