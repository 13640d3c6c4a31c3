/** MongoDB's own names for the error codes this server answers with. */
const CODE_NAMES: Readonly<Record<number, string>> = {
  1: 'InternalError',
  2: 'BadValue',
  4: 'NoSuchKey',
  9: 'FailedToParse',
  11: 'UserNotFound',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  15: 'Overflow',
  16: 'InvalidLength',
  17: 'ProtocolError',
  18: 'AuthenticationFailed',
  20: 'IllegalOperation',
  22: 'InvalidBSON',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  51: 'UnsupportedFormat',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  56: 'EmptyFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  96: 'OperationFailed',
  115: 'CommandNotSupported',
  121: 'DocumentValidationFailure',
  146: 'ExceededMemoryLimit',
  166: 'CommandNotSupportedOnView',
  197: 'InvalidIndexSpecificationOption',
  238: 'NotImplemented',
  251: 'NoSuchTransaction',
  276: 'IndexBuildAborted',
  292: 'QueryExceededMemoryLimitNoDiskUseAllowed',
  322: 'IncompatibleWithService',
  359: 'CannotConvertIndexToUnique',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  11600: 'InterruptedAtShutdown',
  11601: 'Interrupted',
  14031: 'OutOfDiskSpace',
};

/**
 * A refusal in MongoDB's own terms: it reaches the client as `{ ok: 0, code, codeName, errmsg }`,
 * or inside `writeErrors` when one statement of a batch failed.
 */
export class DbError extends Error {
  readonly codeName: string;

  /** @param extra further reply fields, such as `keyPattern` and `keyValue` of a duplicate key */
  constructor(
    readonly code: number,
    message: string,
    readonly extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'DbError';
    this.codeName = CODE_NAMES[code] ?? `Location${code}`;
  }
}

/** Thrown where a client asks for something of MongoDB's that this server deliberately lacks. */
export function notSupported(what: string, code = 115): DbError {
  return new DbError(
    code,
    `${what} not supported by the embedded database; set MONGODB_URI to use MongoDB`,
  );
}
