import CLibCurl
import Glibc

/// One request, on the thread that calls.
struct Transfer {
    private let policy: OutboundPolicy
    private let limits: OutboundLimits

    /// Once a process, before any handle is made.
    static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init(_ policy: OutboundPolicy, _ limits: OutboundLimits) {
        self.policy = policy
        self.limits = limits
    }

    /// - Parameter addresses: what the name stands for, so that nobody is asked for it a second time; where there are
    ///   none, the library asks, and what it opens a socket to is looked at all the same.
    func perform(_ request: OutboundRequest, addresses: [IPAddress]) -> OutboundAnswer {
        let nothing = OutboundAnswer(status: nil, latencyMilliseconds: 0, fault: .unreachable)
        guard Transfer.isReady, let handle = curl_easy_init() else { return nothing }
        defer { curl_easy_cleanup(handle) }
        let reception = Reception(policy, limits)
        var lists: [UnsafeMutablePointer<curl_slist>?] = []
        defer { for list in lists { curl_slist_free_all(list) } }
        lists.append(list(request.headers.map { "\($0.name): \($0.value)" } + Transfer.removedHeaders))
        lists.append(list(pins(request.url, addresses)))
        let code = withExtendedLifetime(reception) { () -> CURLcode in
            let isSet =
                setTarget(handle, request.url) && setLimits(handle) && setReception(handle, reception)
                && chexin_curl_set_list(handle, CURLOPT_HTTPHEADER, lists[0]) == CURLE_OK
                && chexin_curl_set_list(handle, CURLOPT_RESOLVE, lists[1]) == CURLE_OK
            guard isSet else { return CURLE_FAILED_INIT }
            return request.body.withUnsafeBytes { body in
                // Not copied: it outlives the transfer. The size goes first, so that no zero byte ends it.
                let pointer = UnsafeMutableRawPointer(mutating: body.baseAddress)
                guard chexin_curl_set_long(handle, CURLOPT_POSTFIELDSIZE, body.count) == CURLE_OK,
                    chexin_curl_set_pointer(handle, CURLOPT_POSTFIELDS, pointer) == CURLE_OK
                else { return CURLE_FAILED_INIT }
                return curl_easy_perform(handle)
            }
        }
        return answer(handle, code, reception)
    }

    /// What the library would send by itself, and nobody needs.
    private static let removedHeaders = ["Accept:", "Expect:"]

    private func list(_ lines: [String]) -> UnsafeMutablePointer<curl_slist>? {
        lines.reduce(nil) { curl_slist_append($0, $1) }
    }

    /// `host:port:address,address`
    private func pins(_ url: OutboundURL, _ addresses: [IPAddress]) -> [String] {
        guard !addresses.isEmpty, url.address == nil else { return [] }
        let texts = addresses.map { address in
            if case .version6 = address { return "[\(address)]" }
            return "\(address)"
        }
        return ["\(url.host):\(url.port):\(texts.joined(separator: ","))"]
    }

    // MARK: Options

    private func setTarget(_ handle: UnsafeMutableRawPointer, _ url: OutboundURL) -> Bool {
        let protocols = policy.allowsPrivateNetworks ? "http,https" : "https"
        return chexin_curl_set_text(handle, CURLOPT_URL, url.text) == CURLE_OK
            && chexin_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, protocols) == CURLE_OK
            && chexin_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0) == CURLE_OK
            && chexin_curl_set_long(handle, CURLOPT_POST, 1) == CURLE_OK
            // An empty name turns off those of the environment.
            && chexin_curl_set_text(handle, CURLOPT_PROXY, "") == CURLE_OK
            && chexin_curl_set_long(handle, CURLOPT_HTTP_VERSION, Transfer.http1) == CURLE_OK
            && chexin_curl_set_text(handle, CURLOPT_USERAGENT, "chexin-webhooks") == CURLE_OK
    }

    private static let http1 = Int(CURL_HTTP_VERSION_1_1)

    private func setLimits(_ handle: UnsafeMutableRawPointer) -> Bool {
        chexin_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, limits.connectMilliseconds) == CURLE_OK
            && chexin_curl_set_long(handle, CURLOPT_TIMEOUT_MS, limits.totalMilliseconds) == CURLE_OK
            // Timers by signals would end the process where threads have them.
            && chexin_curl_set_long(handle, CURLOPT_NOSIGNAL, 1) == CURLE_OK
    }

    private func setReception(_ handle: UnsafeMutableRawPointer, _ reception: Reception) -> Bool {
        let pointer = Unmanaged.passUnretained(reception).toOpaque()
        return chexin_curl_set_pointer(handle, CURLOPT_OPENSOCKETDATA, pointer) == CURLE_OK
            && chexin_curl_set_opener(handle, openSocket) == CURLE_OK
            && chexin_curl_set_pointer(handle, CURLOPT_WRITEDATA, pointer) == CURLE_OK
            && chexin_curl_set_reader(handle, CURLOPT_WRITEFUNCTION, readBody) == CURLE_OK
            && chexin_curl_set_pointer(handle, CURLOPT_HEADERDATA, pointer) == CURLE_OK
            && chexin_curl_set_reader(handle, CURLOPT_HEADERFUNCTION, readHeader) == CURLE_OK
    }

    // MARK: The end

    private func answer(
        _ handle: UnsafeMutableRawPointer,
        _ code: CURLcode,
        _ reception: Reception
    ) -> OutboundAnswer {
        var status = 0
        var microseconds: curl_off_t = 0
        _ = chexin_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        _ = chexin_curl_get_number(handle, CURLINFO_TOTAL_TIME_T, &microseconds)
        return OutboundAnswer(
            status: status == 0 ? nil : status,
            body: reception.kept,
            latencyMilliseconds: Int64(microseconds) / 1000,
            fault: fault(code, reception)
        )
    }

    private func fault(_ code: CURLcode, _ reception: Reception) -> OutboundFault? {
        if reception.hasRefusedAddress { return .refusedAddress }
        switch code {
        case CURLE_OK: return nil
        // Broken off here: its beginning has been heard.
        case CURLE_WRITE_ERROR where reception.hasHeardEnough: return nil
        case CURLE_COULDNT_RESOLVE_HOST: return .unresolved
        case CURLE_OPERATION_TIMEDOUT: return .timeout
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CACERT_BADFILE:
            return .tls
        case CURLE_COULDNT_CONNECT, CURLE_SEND_ERROR, CURLE_FAILED_INIT: return .unreachable
        default: return .garbage
        }
    }
}

/// What the library tells while it works. One thread alone has it.
private final class Reception {
    private let policy: OutboundPolicy
    private let limits: OutboundLimits
    private(set) var kept: [UInt8] = []
    private(set) var hasHeardEnough = false
    private(set) var hasRefusedAddress = false
    private var bodyBytes = 0
    private var headerBytes = 0

    init(_ policy: OutboundPolicy, _ limits: OutboundLimits) {
        self.policy = policy
        self.limits = limits
    }

    func allows(_ address: IPAddress?) -> Bool {
        if let address, policy.allows(address) { return true }
        hasRefusedAddress = true
        return false
    }

    /// - Returns: whether more is wanted.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        kept.append(contentsOf: bytes.prefix(OutboundLimits.keptBytes - kept.count))
        bodyBytes += bytes.count
        hasHeardEnough = bodyBytes > limits.bodyBytes
        return !hasHeardEnough
    }

    func takeHeader(byteCount: Int) -> Bool {
        headerBytes += byteCount
        return headerBytes <= limits.headerBytes
    }

    static func of(_ pointer: UnsafeMutableRawPointer) -> Reception {
        Unmanaged<Reception>.fromOpaque(pointer).takeUnretainedValue()
    }
}

/// The last look at an address: whatever a name stood for a moment ago, this is what is about to be connected to.
private let openSocket: curl_opensocket_callback = { context, _, target in
    guard let context, let target, let base = UnsafeRawPointer(target).advancedIfKnown else { return CURL_SOCKET_BAD }
    let family = target.pointee.family
    guard Reception.of(context).allows(IPAddress(base, family: family)) else { return CURL_SOCKET_BAD }
    return socket(family, target.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), target.pointee.`protocol`)
}

private let readBody: curl_write_callback = { bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    let length = size * count
    return Reception.of(context).takeBody(UnsafeRawBufferPointer(start: bytes, count: length)) ? length : 0
}

private let readHeader: curl_write_callback = { _, size, count, context in
    guard let context else { return 0 }
    return Reception.of(context).takeHeader(byteCount: size * count) ? size * count : 0
}

extension UnsafeRawPointer {
    /// Where the address stands in what `openSocket` is given: longer ones than the field reach beyond it.
    fileprivate var advancedIfKnown: UnsafeRawPointer? {
        MemoryLayout<curl_sockaddr>.offset(of: \.addr).map { self + $0 }
    }
}
