import Dispatch
import Foundation
import Synchronization

/// A headless Chromium at the end of two pipes (the DevTools protocol, messages apart by a zero byte). It starts when
/// the first test asks for it, serves all of them, and is gone when the process is: its pipes end.
package final class Chromium: Sendable {
    private let commands: Int32
    /// One message after the other: a pipe takes a long one in pieces, and another's must not come between them.
    private let sending = DispatchQueue(label: "chromium")
    private let state = Mutex(State())

    /// What is not answered by then never is.
    private static let patienceSeconds = 180.0

    private struct State {
        var lastID = 0
        var waiting: [Int: CheckedContinuation<Data, any Error>] = [:]
        /// Tabs that have finished loading, and those who wait for them.
        var loaded: Set<String> = []
        var loading: [String: CheckedContinuation<Void, any Error>] = [:]
        var isGone = false
    }

    private static let programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]

    /// Where the machine has one: `Deploy/test` installs it.
    package static let program = programs.first { access($0, X_OK) == 0 }

    private static let starting = Task { try await start() }

    package static func shared() async throws -> Chromium {
        try await starting.value
    }

    private init(commands: Int32) {
        self.commands = commands
    }

    private static func start() async throws -> Chromium {
        guard let program else { throw ChromiumError(what: "Chromium is not installed") }
        let profile = FileManager.default.temporaryDirectory.appending(path: "chexin-chromium-\(getpid())").path()
        // A browser that went away must not take the tests with it.
        signal(SIGPIPE, SIG_IGN)
        var (toBrowser, fromBrowser): ([Int32], [Int32]) = ([0, 0], [0, 0])
        guard pipe(&toBrowser) == 0, pipe(&fromBrowser) == 0 else { throw ChromiumError(what: "pipe") }
        for own in [toBrowser[1], fromBrowser[0]] { _ = fcntl(own, F_SETFD, FD_CLOEXEC) }
        try spawn(program, profile, reading: toBrowser[0], writing: fromBrowser[1])
        close(toBrowser[0])
        close(fromBrowser[1])
        let browser = Chromium(commands: toBrowser[1])
        let answers = fromBrowser[0]
        Thread.detachNewThread { browser.listen(answers, profile) }
        return browser
    }

    private static func spawn(_ program: String, _ profile: String, reading: Int32, writing: Int32) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Out of the way first: one of them may have the number that the other is to get.
        for (from, to) in [(reading, Int32(203)), (writing, 204), (203, 3), (204, 4)] {
            posix_spawn_file_actions_adddup2(&actions, from, to)
        }
        for null in [Int32(1), 2] { posix_spawn_file_actions_addopen(&actions, null, "/dev/null", O_WRONLY, 0) }
        let words = [
            program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--remote-debugging-pipe", "--user-data-dir=\(profile)", "about:blank",
        ]
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        guard posix_spawn(&process, program, &actions, nil, &arguments, environ) == 0 else {
            throw ChromiumError(what: "Chromium does not start")
        }
    }

    // MARK: Messages

    /// On a thread of its own: reading waits.
    private func listen(_ answers: Int32, _ profile: String) {
        var buffer = Data()
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(answers, &chunk, chunk.count)
            guard count > 0 else { break }
            buffer.append(contentsOf: chunk.prefix(count))
            while let end = buffer.firstIndex(of: 0) {
                take(Data(buffer[buffer.startIndex..<end]))
                buffer = Data(buffer[(end + 1)...])
            }
        }
        let left = state.withLock { state in
            state.isGone = true
            return (Array(state.waiting.values), Array(state.loading.values))
        }
        let gone = ChromiumError(what: "Chromium has gone")
        for asking in left.0 { asking.resume(throwing: gone) }
        for loading in left.1 { loading.resume(throwing: gone) }
        try? FileManager.default.removeItem(atPath: profile)
    }

    private func take(_ message: Data) {
        guard let json = try? JSONSerialization.jsonObject(with: message) as? [String: Any] else { return }
        if let id = json["id"] as? Int {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(returning: message)
        } else if json["method"] as? String == "Page.loadEventFired", let session = json["sessionId"] as? String {
            let waiter = state.withLock { state in
                state.loaded.insert(session)
                return state.loading.removeValue(forKey: session)
            }
            waiter?.resume()
        }
    }

    fileprivate func ask(_ method: String, _ parameters: [String: Any], session: String?) async throws -> Data {
        var message: [String: Any] = ["method": method, "params": parameters]
        if let session { message["sessionId"] = session }
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        message["id"] = id
        let bytes = try JSONSerialization.data(withJSONObject: message) + [0]
        return try await withCheckedThrowingContinuation { continuation in
            let isGone = state.withLock { state in
                if !state.isGone { state.waiting[id] = continuation }
                return state.isGone
            }
            if isGone { return continuation.resume(throwing: ChromiumError(what: "Chromium has gone")) }
            sending.async { self.send(bytes) }
            DispatchQueue.global().asyncAfter(deadline: .now() + Chromium.patienceSeconds) {
                let late = self.state.withLock { $0.waiting.removeValue(forKey: id) }
                late?.resume(throwing: ChromiumError(what: "\(method) is not answered"))
            }
        }
    }

    private func send(_ bytes: Data) {
        bytes.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = write(commands, bytes.baseAddress?.advanced(by: sent), bytes.count - sent)
                guard count > 0 else { return }
                sent += count
            }
        }
    }

    fileprivate func willLoad(_ session: String) {
        state.withLock { _ = $0.loaded.remove(session) }
    }

    fileprivate func didLoad(_ session: String) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let isLoaded = state.withLock { state in
                if !state.loaded.contains(session) { state.loading[session] = continuation }
                return state.loaded.contains(session)
            }
            if isLoaded { continuation.resume() }
        }
    }

    /// A tab of its own, without cookies of others.
    package func tab(
        language: String = "zh-CN",
        runsScripts: Bool = true,
        width: Int = 360
    ) async throws -> ChromiumTab {
        let context = try await ask("Target.createBrowserContext", [:], session: nil).result("browserContextId")
        let target = try await ask(
            "Target.createTarget",
            ["url": "about:blank", "browserContextId": context],
            session: nil
        ).result("targetId")
        let attached = try await ask("Target.attachToTarget", ["targetId": target, "flatten": true], session: nil)
        let tab = ChromiumTab(browser: self, session: try attached.result("sessionId"))
        for domain in ["Page", "Runtime", "Network"] { try await tab.ask("\(domain).enable") }
        try await tab.ask("Network.setExtraHTTPHeaders", ["headers": ["Accept-Language": language]])
        try await tab.ask("Emulation.setScriptExecutionDisabled", ["value": !runsScripts])
        try await tab.ask(
            "Emulation.setDeviceMetricsOverride",
            ["width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false]
        )
        return tab
    }
}

package struct ChromiumTab: Sendable {
    fileprivate let browser: Chromium
    fileprivate let session: String

    @discardableResult
    fileprivate func ask(_ method: String, _ parameters: [String: Any] = [:]) async throws -> Data {
        try await browser.ask(method, parameters, session: session)
    }

    package func go(_ url: String) async throws {
        browser.willLoad(session)
        try await ask("Page.navigate", ["url": url])
        try await browser.didLoad(session)
    }

    /// What an expression comes to, as text; a promise is waited for.
    package func value(_ expression: String) async throws -> String {
        let answer = try await ask(
            "Runtime.evaluate",
            ["expression": expression, "returnByValue": true, "awaitPromise": true]
        )
        let json = try JSONSerialization.jsonObject(with: answer) as? [String: Any]
        let result = json?["result"] as? [String: Any]
        if let details = result?["exceptionDetails"] {
            throw ChromiumError(what: "\(expression.prefix(200)): \(details)")
        }
        let value = (result?["result"] as? [String: Any])?["value"]
        return value.map { "\($0)" } ?? ""
    }

    /// Looks until an expression is true: in the page, by its clock.
    package func waits(for condition: String) async throws {
        _ = try await value(
            """
            new Promise((resolve, reject) => {
              const end = Date.now() + 60000;
              const look = () => (\(condition)) ? resolve('') : Date.now() > end ? reject(new Error('waited in vain')) \
            : setTimeout(look, 20);
              look();
            })
            """
        )
    }
}

package struct ChromiumError: Error {
    let what: String
}

extension Data {
    fileprivate func result(_ name: String) throws -> String {
        let json = try JSONSerialization.jsonObject(with: self) as? [String: Any]
        guard let text = (json?["result"] as? [String: Any])?[name] as? String else {
            throw ChromiumError(what: String(decoding: self, as: UTF8.self))
        }
        return text
    }
}
