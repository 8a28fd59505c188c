import CLibCurl
import Synchronization

/// Reads pages of one server, one after the other, over a connection that stays open: an audit asks for thousands.
///
/// The thread that asks waits: for commands, not for what serves requests.
package final class PageReader: Sendable {
    /// Of one page. The largest of a log, 256 leaves and their lengths, has 17 KB.
    package static let pageBytes = 1 << 20
    package static let connectMilliseconds = 10_000
    /// From the first packet to the last byte of a page.
    package static let pageMilliseconds = 30_000

    package struct Page: Sendable, Hashable {
        package let status: Int
        package let body: [UInt8]
        /// What the server asks to wait for; 0 where it does not say.
        package let retryAfterSeconds: Int
    }

    /// Nothing was answered, or not the whole of it.
    package struct Fault: Error, Sendable {
        /// In the library's words.
        package let reason: String
    }

    private let base: String
    private let connection: Mutex<Connection>

    /// - Parameter base: `https://` or `http://` and a host; a `/` at its end makes no difference. Redirects are not
    ///   followed.
    package init(base: String) {
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        connection = Mutex(Connection())
    }

    /// - Parameter path: below the address, without a `/` in front.
    /// - Throws: `Fault`; whatever the server answers is a page.
    package func page(_ path: String) throws(Fault) -> Page {
        try connection.withLock { connection throws(Fault) in try connection.read("\(base)/\(path)") }
    }
}

private struct Connection: ~Copyable {
    private let handle: UnsafeMutableRawPointer?

    init() {
        handle = Transfer.isReady ? curl_easy_init() : nil
    }

    deinit {
        if let handle { curl_easy_cleanup(handle) }
    }

    mutating func read(_ url: String) throws(PageReader.Fault) -> PageReader.Page {
        guard let handle else { throw PageReader.Fault(reason: "there is no memory for a connection") }
        let page = PageBody()
        let code = withExtendedLifetime(page) {
            isSet(handle, url, page) ? curl_easy_perform(handle) : CURLE_FAILED_INIT
        }
        guard code == CURLE_OK else {
            throw PageReader.Fault(
                reason: page.isTooLarge ? "a page is too large" : String(cString: curl_easy_strerror(code))
            )
        }
        var status = 0
        var retryAfter: curl_off_t = 0
        _ = chexin_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        _ = chexin_curl_get_number(handle, CURLINFO_RETRY_AFTER, &retryAfter)
        return PageReader.Page(status: status, body: page.bytes, retryAfterSeconds: Int(retryAfter))
    }

    /// All of them each time: an option that is set again costs nothing beside a request.
    private func isSet(_ handle: UnsafeMutableRawPointer, _ url: String, _ page: PageBody) -> Bool {
        chexin_curl_set_text(handle, CURLOPT_URL, url) == CURLE_OK
            && chexin_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK
            && chexin_curl_set_text(handle, CURLOPT_USERAGENT, "chexin") == CURLE_OK
            && chexin_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, PageReader.connectMilliseconds) == CURLE_OK
            && chexin_curl_set_long(handle, CURLOPT_TIMEOUT_MS, PageReader.pageMilliseconds) == CURLE_OK
            && chexin_curl_set_long(handle, CURLOPT_NOSIGNAL, 1) == CURLE_OK
            && chexin_curl_set_pointer(handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(page).toOpaque()) == CURLE_OK
            && chexin_curl_set_reader(handle, CURLOPT_WRITEFUNCTION, readPage) == CURLE_OK
    }
}

/// What has arrived of a page. One thread alone has it.
private final class PageBody {
    private(set) var bytes: [UInt8] = []
    private(set) var isTooLarge = false

    /// - Returns: whether more is wanted.
    func take(_ more: UnsafeRawBufferPointer) -> Bool {
        isTooLarge = bytes.count + more.count > PageReader.pageBytes
        if !isTooLarge { bytes.append(contentsOf: more) }
        return !isTooLarge
    }
}

private let readPage: curl_write_callback = { bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    let page = Unmanaged<PageBody>.fromOpaque(context).takeUnretainedValue()
    return page.take(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}
