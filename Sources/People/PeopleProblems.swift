package import Core

extension ProblemType {
    package static let signInRefused = ProblemType(
        "sign_in_refused",
        .unauthenticated,
        zh: "账号、密码或验证码不正确",
        en: "Account, password or code is not right"
    )
    package static let signInLocked = ProblemType(
        "sign_in_locked",
        .throttled,
        zh: "失败次数过多，请稍后再试",
        en: "Too many attempts have failed; wait before the next"
    )
    package static let invalidSession = ProblemType(
        "invalid_session",
        .unauthenticated,
        zh: "登录状态无效，请重新登录",
        en: "The session is not valid; sign in again"
    )
    package static let sessionExpired = ProblemType(
        "session_expired",
        .unauthenticated,
        zh: "登录已过期，请重新登录",
        en: "The session has expired; sign in again"
    )
    package static let personSuspended = ProblemType(
        "person_suspended",
        .unauthenticated,
        zh: "该账号已停用，请联系本机构管理人员",
        en: "The account is suspended; ask whoever manages people in your organisation"
    )
    package static let ownAccount = ProblemType(
        "own_account",
        .forbidden,
        zh: "不能对自己的账号执行此操作，请由他人办理",
        en: "Nobody can do this to the own account; somebody else has to"
    )
    package static let secondPersonNeeded = ProblemType(
        "second_person_needed",
        .forbidden,
        zh: "须由另一位管理员批准",
        en: "Another administrator has to approve"
    )
    package static let invalidLink = ProblemType(
        "invalid_link",
        .invalid,
        zh: "链接无效、已使用或已过期",
        en: "The link is not valid, has been used or has expired"
    )
    package static let wrongCode = ProblemType(
        "wrong_code",
        .invalid,
        zh: "验证码不正确或已使用过",
        en: "The code is not right, or has been used"
    )
    package static let loginTaken = ProblemType(
        "login_taken",
        .conflict,
        zh: "该邮箱或手机号已有账号",
        en: "Somebody has an account with this e-mail address or phone number"
    )
    package static let tooManyPeople = ProblemType(
        "too_many_people",
        .conflict,
        zh: "人员数量已达上限",
        en: "There are as many people as are allowed"
    )
    package static let invitationClosed = ProblemType(
        "invitation_closed",
        .conflict,
        zh: "邀请已被接受、取消或已过期",
        en: "The invitation has been accepted or cancelled, or has expired"
    )

    /// Every problem above.
    package static let people: [ProblemType] = [
        signInRefused, signInLocked, invalidSession, sessionExpired, personSuspended, ownAccount,
        secondPersonNeeded, invalidLink, wrongCode, loginTaken, tooManyPeople, invitationClosed,
    ]
}
