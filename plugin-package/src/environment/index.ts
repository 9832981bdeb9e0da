export {
  goldenpathEnvironmentApprovePermission,
  goldenpathEnvironmentCreatePermission,
  goldenpathEnvironmentDestroyPermission,
  goldenpathEnvironmentExtendPermission,
  goldenpathPolicyReadPermission,
  goldenpathServiceCreatePermission,
} from './permissions';
