package import Core
import Storage

/// The problems that the frame itself raises, whichever endpoint is called.
extension ProblemType {
    package static let malformedRequest = ProblemType(
        "malformed_request",
        .malformed,
        zh: "请求不符合 HTTP 语法",
        en: "The request is not valid HTTP"
    )
    package static let malformedPath = ProblemType(
        "malformed_path",
        .malformed,
        zh: "请求路径的编码有误",
        en: "The path is not encoded correctly"
    )
    package static let invalidHost = ProblemType(
        "invalid_host",
        .malformed,
        zh: "请求必须且只能带一个合法的 Host 头",
        en: "The request must have exactly one valid Host header"
    )
    package static let bodyNotAllowed = ProblemType(
        "body_not_allowed",
        .malformed,
        zh: "此操作不接受请求体",
        en: "This operation does not take a body"
    )
    package static let invalidQuery = ProblemType(
        "invalid_query",
        .malformed,
        zh: "查询参数有误",
        en: "The query has members that are unknown, repeated or wrong"
    )
    package static let invalidCursor = ProblemType(
        "invalid_cursor",
        .malformed,
        zh: "分页游标无效",
        en: "The cursor is not one that this service gave out"
    )
    package static let cursorMismatch = ProblemType(
        "cursor_mismatch",
        .malformed,
        zh: "分页游标属于另一个查询",
        en: "The cursor belongs to another query"
    )
    package static let digestMismatch = ProblemType(
        "digest_mismatch",
        .malformed,
        zh: "请求体与 Content-Digest 不符",
        en: "The body is not what Content-Digest says"
    )
    package static let unsupportedDigest = ProblemType(
        "unsupported_digest",
        .malformed,
        zh: "Content-Digest 必须包含 sha-256",
        en: "Content-Digest must have a sha-256 member"
    )
    package static let invalidIdempotencyKey = ProblemType(
        "invalid_idempotency_key",
        .malformed,
        zh: "Idempotency-Key 必须是 1 至 255 个可见 ASCII 字符",
        en: "Idempotency-Key must be 1 to 255 visible ASCII characters"
    )
    package static let idempotencyKeyReused = ProblemType(
        "idempotency_key_reused",
        .invalid,
        zh: "该 Idempotency-Key 已用于内容不同的请求",
        en: "The Idempotency-Key was used for a different request"
    )
    package static let idempotencyInProgress = ProblemType(
        "idempotency_in_progress",
        .conflict,
        zh: "使用同一 Idempotency-Key 的请求仍在处理中",
        en: "A request with the same Idempotency-Key is still running"
    )
    package static let unauthenticated = ProblemType(
        "unauthenticated",
        .unauthenticated,
        zh: "需要有效的访问凭证",
        en: "A valid credential is needed"
    )
    package static let forbidden = ProblemType(
        "forbidden",
        .forbidden,
        zh: "当前凭证无权执行此操作",
        en: "This credential may not do this"
    )
    package static let stepUpRequired = ProblemType(
        "step_up_required",
        .forbidden,
        zh: "请先重新输入动态验证码",
        en: "Show the second factor again first"
    )
    package static let crossSiteRequest = ProblemType(
        "cross_site_request",
        .forbidden,
        zh: "请求并非来自本站页面，请从本站页面重新操作",
        en: "The request does not come from a page of this site; start again from one"
    )
    package static let notFound = ProblemType(
        "not_found",
        .notFound,
        zh: "没有这个资源",
        en: "There is no such resource"
    )
    package static let methodNotAllowed = ProblemType(
        "method_not_allowed",
        .malformed,
        zh: "该资源不支持此请求方法",
        en: "The resource does not support this method"
    )
    package static let notAcceptable = ProblemType(
        "not_acceptable",
        .malformed,
        zh: "无法以 Accept 所要求的格式作答",
        en: "The answer is not available in a format that Accept names"
    )
    package static let requestTimeout = ProblemType(
        "request_timeout",
        .malformed,
        zh: "请求体发送过慢",
        en: "The body arrived too slowly"
    )
    package static let payloadTooLarge = ProblemType(
        "payload_too_large",
        .malformed,
        zh: "请求体过大",
        en: "The body is too large"
    )
    package static let lineTooLong = ProblemType(
        "line_too_long",
        .malformed,
        zh: "请求体中有一行过长",
        en: "A line of the body is too long"
    )
    package static let unsupportedMediaType = ProblemType(
        "unsupported_media_type",
        .malformed,
        zh: "不支持该请求体类型",
        en: "The body has a media type that is not supported here"
    )
    package static let unsupportedContentEncoding = ProblemType(
        "unsupported_content_encoding",
        .malformed,
        zh: "不接受经过压缩或编码的请求体",
        en: "A compressed or encoded body is not accepted"
    )
    package static let expectationFailed = ProblemType(
        "expectation_failed",
        .malformed,
        zh: "无法满足 Expect 头的要求",
        en: "The Expect header asks for what this service does not do"
    )
    package static let preconditionFailed = ProblemType(
        "precondition_failed",
        .stale,
        zh: "资源已被修改，请重新读取后再试",
        en: "The resource has changed; read it again"
    )
    package static let preconditionRequired = ProblemType(
        "precondition_required",
        .malformed,
        zh: "此操作需要 If-Match 头",
        en: "This operation needs an If-Match header"
    )
    package static let quotaExceeded = ProblemType(
        "quota_exceeded",
        .unavailable,
        zh: "请求过于频繁",
        en: "Too many requests"
    )
    package static let tooManyStreams = ProblemType(
        "too_many_streams",
        .conflict,
        zh: "同时打开的事件流过多，请先关闭不用的",
        en: "Too many streams of events are open; close one first"
    )
    package static let headersTooLarge = ProblemType(
        "headers_too_large",
        .malformed,
        zh: "请求头或请求路径过长",
        en: "The headers or the path are too long"
    )
    package static let internalError = ProblemType(
        "internal_error",
        .unavailable,
        zh: "服务内部错误",
        en: "Something went wrong inside the service"
    )
    package static let deadlineExceeded = ProblemType(
        "deadline_exceeded",
        .unavailable,
        zh: "未能在时限内完成，结果未知；可用同一 Idempotency-Key 重试",
        en: "Not finished in time, the outcome is unknown; repeat with the same Idempotency-Key"
    )
    package static let overloaded = ProblemType(
        "overloaded",
        .unavailable,
        zh: "正在处理的请求过多，请稍后重试",
        en: "Too many requests are being served; try again shortly"
    )
    package static let notReady = ProblemType(
        "not_ready",
        .unavailable,
        zh: "服务尚未就绪",
        en: "The service is not ready"
    )

    /// Every problem above, and those of `Core` and `Storage` that any endpoint may answer with.
    package static let web: [ProblemType] = [
        malformedRequest, malformedPath, malformedJSON, invalidRequest, invalidHost, bodyNotAllowed, invalidQuery,
        invalidCursor, cursorMismatch, digestMismatch, unsupportedDigest, invalidIdempotencyKey, idempotencyKeyReused,
        idempotencyInProgress, unauthenticated, forbidden, stepUpRequired, crossSiteRequest, notFound, methodNotAllowed,
        notAcceptable,
        requestTimeout,
        payloadTooLarge, lineTooLong, unsupportedMediaType, unsupportedContentEncoding, expectationFailed,
        preconditionFailed, preconditionRequired, quotaExceeded, tooManyStreams, headersTooLarge, internalError,
        deadlineExceeded, overloaded, notReady, storeBusy, storeLost, storeFull,
    ]
}
